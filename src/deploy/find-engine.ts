import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  ENGINE_VERSION,
  type Engine,
  type EngineSource,
  type Machine,
  OLDEST_ENGINE,
  PREVIEWED_PLUGINS,
  type PreviewedPackage,
} from "./engine.ts";
import { REAL_PLUGIN_FOLDER, writeEngineBin, writeStandIns } from "./launchers.ts";
import {
  builtEngineFolder,
  engineCacheFolder,
  installedEngineFolder,
  pulumiHome,
} from "./machine-folders.ts";
import { ensurePassphraseFile } from "./passphrase.ts";
import { rememberVersion } from "./remember-version.ts";

/** What an engine's folder must hold besides `pulumi` to run our stacks. */
const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** Packages whose plugins are played even where the real ones are, and Netlify's, which is ours. */
const PLAYED = [
  ...(Object.keys(PREVIEWED_PLUGINS) as PreviewedPackage[]),
  ...(["docker", "netlify"] as const),
];

/** A version that `pulumi version` may answer. */
const VERSION = /^v?(\d+)\.(\d+)\.(\d+)/;

/**
 * The first engine that is there and good: the folder in `SUPERCARGO_ENGINE_BIN`; a `pulumi` on the PATH, new enough and
 * with its Node.js host; the one the official installer left; the one built here. Undefined when there is none.
 */
export async function findEngine(machine: Machine): Promise<Engine | undefined> {
  const given = machine.env.SUPERCARGO_ENGINE_BIN;
  if (given !== undefined && given !== "") {
    return isComplete(given) ? describe(machine, given, "given", "unknown") : undefined;
  }
  const onPath = await findOnPath(machine);
  if (onPath !== undefined) return onPath;
  const official = join(installedEngineFolder(machine), "bin");
  if (isComplete(official)) return describe(machine, official, "installer", ENGINE_VERSION);
  const built = join(builtEngineFolder(machine), "libexec");
  if (isComplete(built)) return describe(machine, built, "built", ENGINE_VERSION);
  return undefined;
}

async function findOnPath(machine: Machine): Promise<Engine | undefined> {
  for (const folder of (machine.env.PATH ?? "").split(delimiter)) {
    const command = join(folder, "pulumi");
    if (!folder.startsWith("/") || !isExecutable(command)) continue;
    const real = dirname(realpathSync(command));
    if (real === realpath(join(builtEngineFolder(machine), "bin"))) continue;
    const home = [folder, real].find(isComplete);
    if (home === undefined) continue;
    const version = await readVersion(machine, join(home, "pulumi"));
    if (version === undefined || !isGoodVersion(version)) continue;
    return describe(machine, home, "path", version);
  }
  return undefined;
}

function describe(machine: Machine, folder: string, source: EngineSource, version: string): Engine {
  ensurePassphraseFile(machine);
  if (source === "built") writeEngineBin(machine);
  const real = existsSync(join(pulumiHome(machine), REAL_PLUGIN_FOLDER));
  return {
    id: "pulumi",
    command: join(folder, "pulumi"),
    version,
    source,
    folders: [folder, writeStandIns(machine, real ? PLAYED : [...PLAYED, "cloudflare"])],
    cloudflarePlugin: real ? "real" : "stand-in",
  };
}

/** Asks the binary once per machine and binary: starting it costs 0.2 s. */
function readVersion(machine: Machine, command: string): Promise<string | undefined> {
  const { mtimeMs, size } = statSync(command);
  return rememberVersion(
    engineCacheFolder(machine),
    `${realpathSync(command)}:${mtimeMs}:${size}`,
    () => askVersion(command, machine),
  );
}

async function askVersion(command: string, machine: Machine): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ["version"], {
      env: { PATH: machine.env.PATH, HOME: machine.home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 10_000,
    });
    const match = VERSION.exec(stdout.trim());
    return match === null ? undefined : match[0].replace(/^v/, "");
  } catch {
    return undefined;
  }
}

function isGoodVersion(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = numbers(OLDEST_ENGINE);
  if (major !== oldMajor) return false;
  return minor > oldMinor || (minor === oldMinor && patch >= oldPatch);
}

function numbers(version: string): number[] {
  return (VERSION.exec(version) ?? []).slice(1).map(Number);
}

function isComplete(folder: string): boolean {
  return ["pulumi", ...COMPANIONS].every((name) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
