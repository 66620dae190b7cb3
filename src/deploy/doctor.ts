import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findCrossplane } from "./crossplane/find-crossplane.ts";
import { ENGINE_VERSION, type Engine, type Machine } from "./engine.ts";
import { findEngine } from "./find-engine.ts";
import { engineCacheFolder, packageFolder, passphraseFile } from "./machine-folders.ts";
import { findOpentofu } from "./opentofu/find-opentofu.ts";

/** One thing that deploying needs. */
export interface MachineCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What there is, for people. */
  readonly found: string;
  /** What to do when it is not ok, one imperative sentence. */
  readonly remedy?: string | undefined;
}

/** Node 22.18 runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18] as const;
/** Go that builds the engine (its `go.mod`). */
const OLDEST_GO = [1, 25] as const;
/** What a build of the engine takes on the disk with Go's caches, bytes. */
const BUILD_BYTES = 5_000_000_000;
/** What a project takes, bytes. */
const RUN_BYTES = 500_000_000;

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Looks at everything that deploying needs on this machine; installs nothing. `root` is the project's folder. */
export async function diagnoseMachine(
  machine: Machine,
  root: string,
): Promise<readonly MachineCheck[]> {
  const engine = await findEngine(machine);
  const [node, go, workerd, disk] = await Promise.all([
    checkNode(machine),
    checkGo(machine, engine),
    checkWorkerd(),
    checkDisk(machine, engine),
  ]);
  return [
    node,
    checkPackages(),
    checkEngine(engine),
    checkLanguageHost(engine),
    go,
    checkPlugin(engine),
    checkOpentofu(await findOpentofu(machine)),
    checkCrossplane(machine),
    workerd,
    checkWritable("project folder", join(root, ".supercargo")),
    checkWritable("engine cache", engineCacheFolder(machine)),
    checkWritable("passphrase", dirname(passphraseFile(machine))),
    disk,
  ];
}

async function checkNode(machine: Machine): Promise<MachineCheck> {
  const version = await ask(machine.node, ["--version"]);
  const ok = isAtLeast(version, OLDEST_NODE);
  const remedy = `Install Node ${OLDEST_NODE.join(".")} or newer.`;
  return { name: "node", ok, found: version ?? "none", remedy: ok ? undefined : remedy };
}

function checkPackages(): MachineCheck {
  const names = ["@pulumi/pulumi", "@pulumi/cloudflare", "esbuild", "miniflare", "ts-morph"];
  const missing = names.filter((name) => !resolves(name));
  return {
    name: "npm packages",
    ok: missing.length === 0,
    found: missing.length === 0 ? "all" : `missing: ${missing.join(", ")}`,
    remedy: missing.length === 0 ? undefined : `Run \`npm install\` in ${packageFolder()}.`,
  };
}

function checkEngine(engine: Engine | undefined): MachineCheck {
  const remedy = `Run \`npx supercargo up\`, which installs or builds Pulumi ${ENGINE_VERSION}, or put \`pulumi\` on the PATH.`;
  return engine === undefined
    ? { name: "engine", ok: false, found: "none", remedy }
    : { name: "engine", ok: true, found: `${engine.version} (${engine.source}) ${engine.command}` };
}

function checkLanguageHost(engine: Engine | undefined): MachineCheck {
  const path = engine && join(dirname(engine.command), "pulumi-language-nodejs");
  const ok = path !== undefined && existsSync(path);
  const remedy = "It comes with the engine; see there.";
  return { name: "language host", ok, found: ok ? path : "none", remedy: ok ? undefined : remedy };
}

async function checkGo(machine: Machine, engine: Engine | undefined): Promise<MachineCheck> {
  const text = await ask("go", ["version"], machine.env.PATH);
  const version = /go(\d+\.\d+(?:\.\d+)?)/.exec(text ?? "")?.[1];
  const ok = engine !== undefined || isAtLeast(version, OLDEST_GO);
  const note = engine === undefined ? "" : " (not needed, there is an engine)";
  return {
    name: "go",
    ok,
    found: `${version ?? "none"}${note}`,
    remedy: ok ? undefined : "Install Go 1.25.11 or newer, or Pulumi itself.",
  };
}

function checkPlugin(engine: Engine | undefined): MachineCheck {
  const found =
    engine?.cloudflarePlugin === "real"
      ? "real"
      : "stand-in (same calls, for the types our stacks use)";
  return { name: "Cloudflare plugin", ok: true, found };
}

/** The second engine, which is made at its first use, so that its absence is no fault. */
function checkOpentofu(engine: Engine | undefined): MachineCheck {
  const found =
    engine === undefined
      ? "none (built at the first use, or with `--fix --engine opentofu`)"
      : `${engine.version} (${engine.source}) ${engine.command}`;
  return { name: "OpenTofu", ok: true, found };
}

/** What renders and validates stacks that are printed for it; nothing else needs it. */
function checkCrossplane(machine: Machine): MachineCheck {
  const tools = findCrossplane(machine);
  const found =
    tools?.command ??
    "none (needed by nothing but its test; `--fix --engine crossplane` builds it)";
  return { name: "Crossplane", ok: true, found };
}

async function checkWorkerd(): Promise<MachineCheck> {
  const remedy = "Run `npm install` without `--omit=optional`.";
  const absent: MachineCheck = { name: "workerd", ok: false, found: "none", remedy };
  try {
    const miniflare = createRequire(require.resolve("miniflare"));
    const { default: command } = miniflare("workerd") as { readonly default: string };
    const version = await ask(command, ["--version"]);
    return version === undefined ? absent : { name: "workerd", ok: true, found: version };
  } catch {
    return absent;
  }
}

function checkWritable(name: string, folder: string): MachineCheck {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return { name, ok: true, found: folder };
  } catch {
    return { name, ok: false, found: folder, remedy: `Make ${folder} writable.` };
  }
}

async function checkDisk(machine: Machine, engine: Engine | undefined): Promise<MachineCheck> {
  const needed = engine === undefined ? BUILD_BYTES : RUN_BYTES;
  try {
    const { bavail, bsize } = await statfs(machine.home);
    const free = bavail * bsize;
    const found = `${(free / 1e9).toFixed(1)} GB free`;
    const remedy = `Free ${(needed / 1e9).toFixed(1)} GB on the disk of ${machine.home}.`;
    return { name: "disk", ok: free >= needed, found, remedy: free >= needed ? undefined : remedy };
  } catch {
    return { name: "disk", ok: true, found: "unknown" };
  }
}

/** The first line that a program says, undefined when it cannot be run. */
async function ask(
  command: string,
  args: readonly string[],
  path?: string,
): Promise<string | undefined> {
  try {
    const env = path === undefined ? process.env : { ...process.env, PATH: path };
    const { stdout } = await run(command, [...args], { timeout: 10_000, env });
    return stdout.trim().split("\n")[0];
  } catch {
    return undefined;
  }
}

function isAtLeast(version: string | undefined, oldest: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = (version ?? "").replace(/^v/, "").split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function resolves(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
