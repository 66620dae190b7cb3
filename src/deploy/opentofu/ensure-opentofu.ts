import type { Machine } from "../engine.ts";
import { engineError } from "../engine-error.ts";
import type { InstallProgress, InstallResult } from "../install-engine.ts";
import { buildOpentofu } from "./build-opentofu.ts";
import { findOpentofu } from "./find-opentofu.ts";

/** The OpenTofu of this machine, built from its Go module when there is none. */
export async function ensureOpentofu(
  machine: Machine,
  options: {
    readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<InstallResult> {
  const found = await findOpentofu(machine);
  if (found !== undefined) return { ok: true, engine: found };
  const isBuilt = async (): Promise<boolean> => (await findOpentofu(machine)) !== undefined;
  const built = await buildOpentofu(machine, { ...options, isBuilt });
  if (!built.ok) {
    return { ok: false, error: engineError("opentofu-build-failed", { detail: built.reason }) };
  }
  const made = await findOpentofu(machine);
  return made === undefined
    ? { ok: false, error: engineError("opentofu-missing") }
    : { ok: true, engine: made };
}
