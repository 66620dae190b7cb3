import { execFile } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildEngine } from "./build-engine.ts";
import type { BuildProgress } from "./build-go-program.ts";
import { CLOUDFLARE_PLUGIN_VERSION, ENGINE_VERSION, type Engine, type Machine } from "./engine.ts";
import { type EngineError, engineError } from "./engine-error.ts";
import { findEngine } from "./find-engine.ts";
import { engineCacheFolder, installedEngineFolder, packageFolder } from "./machine-folders.ts";

const run = promisify(execFile);

/** The host of Pulumi's releases and plugins. */
const RELEASES = "https://get.pulumi.com/";

/** How long that host may take to answer at all, milliseconds. */
const PROBE_MS = 4_000;
/** How long a download from it may take, milliseconds. */
const DOWNLOAD_MS = 180_000;
/** After a failed download of the plugin, it is tried again after this long, milliseconds. */
const PLUGIN_RETRY_MS = 24 * 3_600_000;

/** Told while an engine is made ready. */
export type InstallProgress =
  | { readonly what: "official installer" | "Cloudflare plugin" }
  | BuildProgress;

export type InstallResult =
  | { readonly ok: true; readonly engine: Engine }
  | { readonly ok: false; readonly error: EngineError };

/**
 * The engine of this machine, made ready when there is none: Pulumi's official installer, and where its host cannot be
 * reached, a build from the published Go modules. The real Cloudflare plugin is fetched where that is possible.
 */
export async function ensureEngine(
  machine: Machine,
  options: {
    readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<InstallResult> {
  const found = await findEngine(machine);
  const given = machine.env.SUPERCARGO_ENGINE_BIN ?? "";
  if (found === undefined && given !== "") {
    const detail = "`SUPERCARGO_ENGINE_BIN` names a folder without a whole engine";
    return { ok: false, error: engineError("engine-missing", { detail }) };
  }
  const engine = found ?? (await installOfficial(machine, options.onProgress));
  if (engine !== undefined) {
    return { ok: true, engine: await fetchPlugin(machine, engine, options.onProgress) };
  }
  const withoutPath = { ...machine, env: { ...machine.env, PATH: undefined } };
  const isBuilt = async (): Promise<boolean> => (await findEngine(withoutPath)) !== undefined;
  const built = await buildEngine(machine, { ...options, isBuilt });
  if (!built.ok) {
    return { ok: false, error: engineError("engine-build-failed", { detail: built.reason }) };
  }
  const made = await findEngine(machine);
  return made === undefined
    ? { ok: false, error: engineError("engine-missing") }
    : { ok: true, engine: made };
}

/** Runs the Automation API's installer in a process of its own, so that it can be ended. Any failure means "not this way". */
async function installOfficial(
  machine: Machine,
  onProgress: ((progress: InstallProgress) => void) | undefined,
): Promise<Engine | undefined> {
  if (!(await answers())) return undefined;
  onProgress?.({ what: "official installer" });
  const program = `
    const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
    const { SemVer } = await import("semver");
    const [root, version] = process.argv.slice(1);
    await PulumiCommand.install({ root, version: new SemVer(version) });
  `;
  const args = [
    "--input-type=module",
    "-e",
    program,
    installedEngineFolder(machine),
    ENGINE_VERSION,
  ];
  try {
    await run(machine.node, args, { cwd: packageFolder(), timeout: DOWNLOAD_MS });
  } catch {
    return undefined;
  }
  return findEngine(machine);
}

/** The engine with the real Cloudflare plugin if it can be had; a failed download is not tried again for a day. */
async function fetchPlugin(
  machine: Machine,
  engine: Engine,
  onProgress: ((progress: InstallProgress) => void) | undefined,
): Promise<Engine> {
  if (engine.cloudflarePlugin === "real" || engine.source === "given") return engine;
  const tried = join(engineCacheFolder(machine), "plugin-tried");
  const last = statSync(tried, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - last < PLUGIN_RETRY_MS) return engine;
  mkdirSync(dirname(tried), { recursive: true });
  writeFileSync(tried, "");
  if (!(await answers())) return engine;
  onProgress?.({ what: "Cloudflare plugin" });
  const args = ["plugin", "install", "resource", "cloudflare", CLOUDFLARE_PLUGIN_VERSION];
  const { PULUMI_HOME } = machine.env;
  const env = { HOME: machine.home, PATH: "/usr/bin:/bin", ...(PULUMI_HOME && { PULUMI_HOME }) };
  try {
    await run(engine.command, args, { env, timeout: DOWNLOAD_MS });
  } catch {
    return engine;
  }
  return (await findEngine(machine)) ?? engine;
}

async function answers(): Promise<boolean> {
  try {
    await fetch(RELEASES, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}
