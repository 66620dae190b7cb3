import { createRequire } from "node:module";
import { codeFile } from "./find-bundle.mjs";

// An `import` of these touches all of their exports, and with them loads Node's streams and promises.
const require = createRequire(import.meta.url);
const { isAscii } = require("node:buffer");
const { readFileSync } = require("node:fs");
const { fileURLToPath } = require("node:url");
const { Script } = require("node:vm");

/** A bundle as a program of V8, which takes functions out of `code` instead of compiling them. */
export function loadBundle(bundle, code) {
  const bytes = readFileSync(bundle);
  // Text of one byte a character is read and compiled faster.
  const text = isAscii(bytes) ? bytes.latin1Slice() : bytes.utf8Slice();
  return new Script(text, { filename: bundle, cachedData: code });
}

/** Starts a loaded bundle on `process.argv`; what it leaves outside is found from here. Resolves when its main module ends. */
export async function startBundle(script) {
  await script.runInThisContext()(requireOutside);
}

/** Runs a bundle with its compiled code; V8 itself refuses code of another Node or other flags, and compiles. */
export async function runBundle(bundle) {
  await startBundle(loadBundle(bundle, readFileSync(codeFile(bundle))));
}

/** A package, or a module of ours by its URL. */
function requireOutside(specifier) {
  return require(specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier);
}
