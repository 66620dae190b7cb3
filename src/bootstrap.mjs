#!/usr/bin/env node
// Makes a fresh clone ready by itself: any Node from 18 on can run this file, the rest runs on the pinned Node 24.
//   bootstrap.mjs <arguments>          the command line, from source
//   bootstrap.mjs --run <task> <...>   one of the tasks below
import { createRequire } from "node:module";
import { BUNDLED_COMMANDS, bundleFolder, findBundle } from "./startup/find-bundle.mjs";
import { runBundle } from "./startup/run-bundle.mjs";

// An `import` of these touches all of their exports, and with them loads Node's streams and promises.
const require = createRequire(import.meta.url);
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const { dirname, join } = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const pinnedNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const stampFile = join(modules, ".supercargo-installed");

const vitest = [join(modules, "vitest", "vitest.mjs"), "run"];
const cli = [join(root, "src", "cli", "main.ts")];

/** The templates' stacks are kept in the repository. */
const compileTemplates = (...options) =>
  fs
    .readdirSync(join(root, "templates"))
    .sort()
    .map((name) => [...cli, "compile", join("templates", name), ...options]);

/** The registries of the adapters follow from their folders. */
const writeGenerated = [join(root, "src", "scaffold", "write-generated.ts")];

/** Fetches or builds the Pulumi engine once a machine, so that no test waits for it. */
const prepareEngine = [...cli, "doctor", "--fix"];
/** The same for OpenTofu: 5 minutes on two idle cores with empty caches, for the tests alone; the demo does without. */
const prepareOpentofu = [...cli, "doctor", "--fix", "--engine", "opentofu"];

const typesFile = join(modules, ".cache", "supercargo.tsbuildinfo");

/** Task name -> the programs it runs in turn (arguments of the pinned Node); the caller's arguments go to the last. */
const TASKS = {
  demo: [[...cli, "demo"]],
  "demo:attack": [[...cli, "demo", "attack"]],
  "demo:engines": [[...cli, "demo", "engines"]],
  "demo:move": [[...cli, "demo", "move"]],
  "demo:outage": [[...cli, "demo", "outage"]],
  test: [prepareEngine, prepareOpentofu, vitest],
  "test:long": [
    prepareEngine,
    [...vitest, "--config", join(root, "vitest.config.ts"), "--mode", "long"],
  ],
  check: [
    [join(modules, "@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
    // A third of the time from the second run on: most of it goes into the provider's types, which do not change.
    [join(modules, "typescript", "bin", "tsc"), "--incremental", "--tsBuildInfoFile", typesFile],
    [...vitest, "test/structure"],
    [...writeGenerated, "--check"],
    ...compileTemplates("--check"),
  ],
  gen: [writeGenerated, ...compileTemplates()],
  "gen:check": [[...writeGenerated, "--check"], ...compileTemplates("--check")],
  "new:adapter": [[join(root, "src", "scaffold", "new-adapter.ts")]],
  schema: [[...cli, "schema"]],
  bench: [[join(root, "bench", "run.ts")]],
};

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** True when what the lockfile names is installed; a clone's own `npm ci` counts too. */
function isInstalled(lockDigest) {
  if (!fs.existsSync(pinnedNode)) return false;
  const stamp = fs.existsSync(stampFile) ? fs.readFileSync(stampFile, "utf8") : "";
  if (stamp === lockDigest) return true;
  const record = join(modules, ".package-lock.json");
  if (!fs.existsSync(record)) return false;
  const installedAt = fs.statSync(record).mtimeMs;
  const newest = Math.max(
    fs.statSync(join(root, "package-lock.json")).mtimeMs,
    stamp === "" ? 0 : fs.statSync(stampFile).mtimeMs,
  );
  return installedAt >= newest;
}

/** Runs `npm ci` when something is missing. One installer at a time; the others wait for it. */
async function install() {
  const lockFile = join(root, "package-lock.json");
  if (!fs.existsSync(lockFile)) return;
  const digest = createHash("sha256").update(fs.readFileSync(lockFile)).digest("hex");
  if (isInstalled(digest)) {
    if (!fs.existsSync(stampFile)) fs.writeFileSync(stampFile, digest);
    return;
  }
  const release = await takeTurn(join(root, ".supercargo", "install.lock"));
  try {
    if (isInstalled(digest)) return;
    if (fs.lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error("node_modules is a link to another clone's, which is not ours to install in");
    say(
      "supercargo: installing the packages of package-lock.json with npm ci (about a minute, once)",
    );
    await runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (!fs.existsSync(pinnedNode)) {
      throw new Error(
        "npm ci ended, but the pinned Node is missing; are install scripts switched off?",
      );
    }
    fs.writeFileSync(stampFile, digest);
  } finally {
    release();
  }
}

/** Holds a lock file that names its owner; a dead owner's lock is taken over. */
async function takeTurn(lock) {
  fs.mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isStale(lock)) {
      fs.rmSync(lock, { force: true });
      continue;
    }
    if (!told) say("supercargo: another process is installing; waiting for it");
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function isStale(lock) {
  try {
    const age = Date.now() - fs.statSync(lock).mtimeMs;
    const owner = Number(fs.readFileSync(lock, "utf8"));
    if (owner === 0) return age > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** npm's text goes to standard error, so that a command's standard output stays its own. */
async function runNpm(args) {
  const viaNode = process.env.npm_execpath?.endsWith(".js");
  const [program, first] = viaNode ? [process.execPath, [process.env.npm_execpath]] : ["npm", []];
  const started = Date.now();
  const heartbeat = setInterval(() => {
    say(`supercargo: still installing, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 15_000);
  try {
    const code = await runToEnd(program, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32" && !viaNode,
    });
    if (code !== 0) throw new Error(`npm ci failed with exit code ${code}`);
  } finally {
    clearInterval(heartbeat);
  }
}

/** With all that it brings in it takes a tenth of a small compile, which starts no process. */
function loadChildProcess() {
  return import("node:child_process");
}

/** Runs a child to its end, passing signals on, and answers with its exit code (128 + n for a signal). */
async function runToEnd(program, args, options) {
  const { spawn } = await loadChildProcess();
  const child = spawn(program, args, options);
  const forward = (signal) => {
    // A terminal has already sent Ctrl-C to the child, which is in the same group.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1));
    });
  });
}

function runsTypeScript() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 12);
}

/** The pinned Node, or the present one where the clone has none (packed without development dependencies). */
function chooseNode() {
  if (fs.existsSync(pinnedNode)) return pinnedNode;
  return process.execPath;
}

function childEnvironment() {
  const path = process.env.PATH ?? "";
  const bin = join(modules, ".bin");
  return {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, ".cache", "node-compile"),
    PATH: path.startsWith(bin) ? path : `${bin}${process.platform === "win32" ? ";" : ":"}${path}`,
  };
}

async function runTask(name, args) {
  const programs = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (programs === undefined) {
    say(`supercargo: unknown task ${name}; known are ${Object.keys(TASKS).join(", ")}`);
    return 2;
  }
  for (const [index, program] of programs.entries()) {
    const last = index === programs.length - 1;
    const code = await runToEnd(chooseNode(), [...program, ...(last ? args : [])], {
      cwd: root,
      stdio: "inherit",
      env: childEnvironment(),
    });
    // Without an engine most tests still tell something.
    if (code !== 0 && program !== prepareEngine && program !== prepareOpentofu) return code;
  }
  return 0;
}

/** `bench/` compares with other tools and has packages of its own. */
async function installBenchPeers() {
  const folder = join(root, "bench");
  if (!fs.existsSync(join(folder, "package.json")) || fs.existsSync(join(folder, "node_modules")))
    return;
  say("supercargo: installing the tools that the bench compares with");
  const { spawnSync } = await loadChildProcess();
  spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", 2, 2] });
}

/** Runs a command line on this Node when it is new enough, and otherwise on the pinned one. */
async function runCommandLine(args) {
  // From one file, where there is one; see startup/README.md.
  const isBundled = BUNDLED_COMMANDS.includes(args[0]);
  if (!runsTypeScript()) {
    await install();
    // The pinned Node looks for the bundle, which is made by it and for it.
    const first = isBundled && fs.existsSync(pinnedNode) ? [join(root, "src/bootstrap.mjs")] : cli;
    const options = { stdio: "inherit", env: childEnvironment() };
    return runToEnd(chooseNode(), [...first, ...args], options);
  }
  // A bundle is made once all is installed, and holds for that installation only.
  const bundle = isBundled ? findBundle(root, args[0]) : undefined;
  if (bundle === undefined) await install();
  if (isBundled && bundle === undefined) await bundleAtExit();
  nodeModule.enableCompileCache?.(join(modules, ".cache", "node-compile"));
  process.argv = [process.argv[0], cli[0], ...args];
  if (bundle !== undefined) await runBundle(bundle);
  else await import(pathToFileURL(cli[0]).href);
  return undefined;
}

/** Makes a bundle for the next command, after this one and apart from it. */
async function bundleAtExit() {
  const { spawn } = await loadChildProcess();
  process.once("exit", () => startBundling(spawn));
}

function startBundling(spawn) {
  if (!fs.existsSync(modules)) return;
  try {
    fs.mkdirSync(bundleFolder(root), { recursive: true });
  } catch {
    return;
  }
  const program = join(root, "src", "startup", "build-bundle.mjs");
  const env = { ...process.env, NODE_OPTIONS: "" };
  spawn(process.execPath, [program], { cwd: root, detached: true, env, stdio: "ignore" }).unref();
}

try {
  const [first, task, ...rest] = process.argv.slice(2);
  if (first === "--run") await install();
  if (first === "--run" && task === "bench") await installBenchPeers();
  const code =
    first === "--run"
      ? await runTask(task ?? "", rest)
      : await runCommandLine(process.argv.slice(2));
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  say(`supercargo: cannot get ready: ${error.message}`);
  process.exitCode = 70;
}
