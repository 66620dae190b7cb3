import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type BuildOptions,
  type BuildResult,
  buildGoProgram,
  type GoProgram,
} from "./build-go-program.ts";
import { withBuildLock } from "./build-lock.ts";
import type { Machine } from "./engine.ts";

/**
 * Builds a program from its published module into `libexec` of a folder of the machine's cache. The folder appears whole or not at all, and one build runs at
 * a time; who waited finds the other's result.
 */
export async function buildInCache(
  machine: Machine,
  program: GoProgram,
  target: string,
  options: BuildOptions,
): Promise<BuildResult> {
  mkdirSync(dirname(target), { recursive: true });
  const onWait = (seconds: number): void =>
    options.onProgress?.({ what: "waiting", seconds, packages: 0, total: 0 });
  return withBuildLock(`${target}.lock`, onWait, async () => {
    if (await options.isBuilt()) return { ok: true };
    const draft = mkdtempSync(join(dirname(target), "building-"));
    try {
      mkdirSync(join(draft, "libexec"));
      const failed = await buildGoProgram(machine, program, draft, options);
      if (failed !== undefined) return { ok: false, reason: failed };
      rmSync(target, { recursive: true, force: true });
      renameSync(draft, target);
      return { ok: true };
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}
