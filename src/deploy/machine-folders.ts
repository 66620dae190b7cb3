import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGINE_VERSION, type Machine } from "./engine.ts";

/** Where engines of this machine are kept, `${XDG_CACHE_HOME:-~/.cache}/supercargo/engine`. Deleting it costs a rebuild, nothing else. */
export function engineCacheFolder(machine: Machine): string {
  const cache = absolute(machine.env.XDG_CACHE_HOME) ?? join(machine.home, ".cache");
  return join(cache, "supercargo", "engine");
}

/** The built engine's folder: `bin/` for the PATH, `libexec/` with the unchanged binaries. */
export function builtEngineFolder(machine: Machine): string {
  return join(engineCacheFolder(machine), ENGINE_VERSION);
}

/** The official installer's folder. */
export function installedEngineFolder(machine: Machine): string {
  return join(engineCacheFolder(machine), `official-${ENGINE_VERSION}`);
}

/** The file with this machine's passphrase for stack secrets. It is no cache: without it no state can be read. */
export function passphraseFile(machine: Machine): string {
  const data = absolute(machine.env.XDG_DATA_HOME) ?? join(machine.home, ".local", "share");
  return join(data, "supercargo", "passphrase");
}

/** Where Pulumi keeps plugins that it downloaded. */
export function pulumiHome(machine: Machine): string {
  return absolute(machine.env.PULUMI_HOME) ?? join(machine.home, ".pulumi");
}

/** The root of our own package. */
export function packageFolder(): string {
  return fileURLToPath(new URL("../../", import.meta.url));
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") === true ? path : undefined;
}
