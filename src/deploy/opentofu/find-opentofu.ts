import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Engine, EngineSource, Machine } from "../engine.ts";
import { engineCacheFolder } from "../machine-folders.ts";
import { rememberVersion } from "../remember-version.ts";
import { builtOpentofuFolder, OPENTOFU_VERSION } from "./opentofu-folders.ts";

const run = promisify(execFile);

/** The first that understands what our stacks say (`lifecycle.destroy`); another major version may read them differently. */
const OLDEST = { major: 1, minor: 12 } as const;

/** The first OpenTofu that is there and new enough: a `tofu` on the PATH, or the one built here. Undefined when there is none. */
export async function findOpentofu(machine: Machine): Promise<Engine | undefined> {
  for (const folder of (machine.env.PATH ?? "").split(delimiter)) {
    const command = join(folder, "tofu");
    if (!folder.startsWith("/") || !isExecutable(command)) continue;
    const version = await readVersion(machine, realpathSync(command));
    if (version !== undefined) return describe(command, "path", version);
  }
  const built = join(builtOpentofuFolder(machine), "libexec", "tofu");
  return isExecutable(built) ? describe(built, "built", OPENTOFU_VERSION) : undefined;
}

/** The sandbox is reached through the stand-in, which sends the calls that the sandbox is known to serve. */
function describe(command: string, source: EngineSource, version: string): Engine {
  return { id: "opentofu", command, version, source, folders: [], cloudflarePlugin: "stand-in" };
}

/** Undefined for one that is too old, too new or does not tell. */
async function readVersion(machine: Machine, command: string): Promise<string | undefined> {
  const { mtimeMs, size } = statSync(command);
  const key = `${command} ${mtimeMs} ${size}`;
  const version = await rememberVersion(engineCacheFolder(machine), key, async () => {
    const env = { HOME: machine.home, PATH: "/usr/bin:/bin", CHECKPOINT_DISABLE: "1" };
    const { stdout } = await run(command, ["version"], { env, timeout: 20_000 }).catch(() => ({
      stdout: "",
    }));
    return /^OpenTofu v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  });
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major === OLDEST.major && minor >= OLDEST.minor ? version : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
