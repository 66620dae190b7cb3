import { createRequire } from "node:module";

// An `import` of these touches all of their exports, and with them loads Node's streams and promises.
const require = createRequire(import.meta.url);
const { createHash } = require("node:crypto");
const { readFileSync, realpathSync, statSync } = require("node:fs");
const { join } = require("node:path");

/** The commands that compile and change nothing; each has a bundle of its own, which holds what it uses. */
export const BUNDLED_COMMANDS = ["validate", "compile", "preview"];

/** Where the bundles of the clone at `root` are; clones may share a `node_modules`. */
export function bundleFolder(root) {
  const name = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 16);
  return join(root, "node_modules", ".cache", "supercargo", name);
}

/** The record of a command's newest bundle in a bundle folder: `{ node, script, files: [path, stamp][] }`. */
export function recordFile(folder, command) {
  return join(folder, `${command}.json`);
}

/** The compiled code of a bundle, beside it. */
export function codeFile(bundle) {
  return bundle.replace(/\.js$/, ".code");
}

/** What changes whenever a file does, as no program can set the time of a change back. Undefined when there is no such file. */
export function stampOf(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.size} ${stats.ino} ${stats.mtimeMs} ${stats.ctimeMs}`;
}

/** What a bundle holds only for: it was made by this Node on this system. */
export function nodeMark() {
  return `${process.version} ${process.platform} ${process.arch}`;
}

/** The bundle of a command, or undefined when there is none that is exactly what the sources at `root` would make today. Never throws. */
export function findBundle(root, command) {
  try {
    const folder = bundleFolder(root);
    const { node, script, files } = JSON.parse(readFileSync(recordFile(folder, command), "utf8"));
    if (node !== nodeMark()) return undefined;
    for (const [path, stamp] of files) if (stampOf(path) !== stamp) return undefined;
    return files.length > 0 ? join(folder, script) : undefined;
  } catch {
    return undefined;
  }
}
