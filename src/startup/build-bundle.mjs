// Makes the bundles that find-bundle.mjs looks for. Says nothing: where they can't be made, the sources run.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundlePlugins, LIBRARY } from "./bundle-plugins.mjs";
import {
  BUNDLED_COMMANDS,
  bundleFolder,
  codeFile,
  findBundle,
  nodeMark,
  recordFile,
  stampOf,
} from "./find-bundle.mjs";
import { loadBundle } from "./run-bundle.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const entryPoint = join(root, "src/cli/main.ts");
/** Packages that are loaded at each start, of `hono` its table of media types; all others stay where they are. */
const INLINED = new Set(["hono", "tldts", "yaml", "zod"]);
/** What makes bundles and runs them. */
const STARTUP = fs
  .readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => join("src", "startup", name));
/** What says which packages are installed. */
const INSTALLED = ["package-lock.json", "package.json", "node_modules/.package-lock.json"];
/** A builder that takes longer is dead, milliseconds. */
const BUILD_MS = 60_000;
/** A first run that takes longer is given up, milliseconds. */
const WARM_UP_MS = 20_000;
/** A process may still load a bundle that was replaced, milliseconds. */
const KEEP_MS = 24 * 3_600_000;
/** A file that changed this shortly before the build may change again within the same tick of the file system's clock, milliseconds. */
const SETTLE_MS = 2_000;

/** Makes the bundles of all commands in `folder`, in a folder `name`. */
async function makeBundles(folder, name) {
  const started = Date.now();
  const { dependencies } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"));
  const external = Object.keys(dependencies)
    .filter((dependency) => !INLINED.has(dependency))
    .flatMap((dependency) => [dependency, `${dependency}/*`]);
  fs.mkdirSync(join(folder, name), { recursive: true });
  for (const command of BUNDLED_COMMANDS) {
    const script = `${name}/${command}.js`;
    const outfile = join(folder, script);
    const bundle = await bundleCommand(command, outfile, external);
    const stamps = bundle.sources.map((path) => [path, stampOf(path)]);
    if (bundle.sources.some((path) => fs.statSync(path).ctimeMs > started - SETTLE_MS)) return;

    fs.writeFileSync(outfile, bundle.contents, { flush: true });
    warmUp(command, outfile);
    const files = [...stamps, ...[outfile, codeFile(outfile)].map((path) => [path, stampOf(path)])];
    const draft = join(folder, name, `${command}.json`);
    fs.writeFileSync(draft, JSON.stringify({ node: nodeMark(), script, files }), { flush: true });
    fs.renameSync(draft, recordFile(folder, command));
  }
}

/** The text of a command's bundle, and every file that it depends on. */
async function bundleCommand(command, outfile, external) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    write: false,
    metafile: true,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    format: "esm",
    // A function that is told how to load what is outside: such a text is a script, whose compiled code we can keep ourselves.
    banner: { js: '(async function(require){"use strict";' },
    footer: { js: "})" },
    supported: { "dynamic-import": false },
    platform: "node",
    target: `node${process.versions.node}`,
    external,
    plugins: bundlePlugins(root, command),
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => !/^(?:late|named):/.test(input));
  const sources = [...inputs, LIBRARY, ...STARTUP, ...INSTALLED].map((path) => resolve(root, path));
  const [{ contents }] = outputFiles;
  return { contents, sources: sources.filter((path) => fs.existsSync(path)) };
}

/**
 * V8 compiles a function when it is called first, and can keep what it has compiled. So the bundle is run once, in a way that uses most of
 * the compiler. That writes nothing but the code, and how it ends does not matter. A preview ends before it looks for an engine, as no
 * stack has this name.
 */
function warmUp(command, bundle) {
  const options = { validate: [], compile: ["--check"], preview: ["--stack", "none"] }[command];
  const program = join(root, "src", "startup", "warm-bundle.mjs");
  spawnSync(process.execPath, [program, bundle, command, "templates/storefront", ...options], {
    ...{ cwd: root, stdio: "ignore", timeout: WARM_UP_MS },
  });
  if (fs.existsSync(codeFile(bundle))) return;
  // A run that was given up leaves none, and V8 then compiles: a bundle without code is better than none, and than one that is made anew at every start.
  // One that cannot be compiled at all is none: this throws.
  loadBundle(bundle);
  fs.writeFileSync(codeFile(bundle), "");
}

/** Removes bundles that were replaced, or broken off while they were made. */
function removeOld(folder, current) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === current) continue;
    const path = join(folder, entry.name);
    if (Date.now() - fs.statSync(path).mtimeMs > KEEP_MS) fs.rmSync(path, { recursive: true });
  }
}

/** True when this process is the one that builds; a lock that a dead builder left is taken over, at once where its process is gone. */
function takeTurn(lock) {
  const stats = fs.statSync(lock, { throwIfNoEntry: false });
  const isOver = stats !== undefined && Date.now() - stats.mtimeMs > BUILD_MS;
  if (isOver || isGone(readHolder(lock))) fs.rmSync(lock, { force: true });
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** The process that a lock names; undefined where none is named. */
function readHolder(lock) {
  try {
    const pid = Number(fs.readFileSync(lock, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A process of that number that lives may be another one; its lock is waited for as before. */
function isGone(pid) {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

try {
  const folder = bundleFolder(root);
  const lock = join(folder, "building");
  fs.mkdirSync(folder, { recursive: true });
  if (takeTurn(lock)) {
    try {
      const name = `${Date.now().toString(36)}-${process.pid}`;
      const isMissing = (command) => findBundle(root, command) === undefined;
      if (BUNDLED_COMMANDS.some(isMissing)) await makeBundles(folder, name);
      removeOld(folder, name);
    } finally {
      fs.rmSync(lock, { force: true });
    }
  }
} catch {
  process.exitCode = 1;
}
