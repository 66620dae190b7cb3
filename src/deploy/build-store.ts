import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { STORE_VERSION, storeProgram } from "../util/store-program.ts";
import {
  type BuildOptions,
  type BuildResult,
  buildGoProgram,
  type GoProgram,
} from "./build-go-program.ts";
import { withBuildLock } from "./build-lock.ts";
import type { Machine } from "./engine.ts";

const MODULE = "github.com/versity/versitygw";

const PROGRAM: GoProgram = {
  what: "object store",
  binary: "versitygw",
  goVersion: "1.25.0",
  module: MODULE,
  version: STORE_VERSION,
  path: `${MODULE}/cmd/versitygw`,
  ldflags: "-s -w",
  packages: 398,
  sums: [
    `${MODULE} v1.8.0 h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=`,
    `${MODULE} v1.8.0/go.mod h1:OxcWzwHy0xd9yUjfBneYnqmOwOgyq4QpzpobLsXMQRU=`,
  ],
};

/**
 * Makes sure that the S3-compatible store of container stacks is there for the sandbox: built from its published module into the machine's cache, some five minutes on two busy
 * cores the first time. The folder appears whole or not at all, and one build runs at a time.
 */
export async function ensureStore(
  machine: Machine,
  options: Omit<BuildOptions, "isBuilt">,
): Promise<BuildResult> {
  const program = storeProgram(machine.env, machine.home);
  if (existsSync(program)) return { ok: true };
  const target = dirname(dirname(program));
  mkdirSync(dirname(target), { recursive: true });
  const onWait = (seconds: number): void =>
    options.onProgress?.({ what: "waiting", seconds, packages: 0, total: 0 });
  return withBuildLock(`${target}.lock`, onWait, async () => {
    if (existsSync(program)) return { ok: true };
    const draft = mkdtempSync(join(dirname(target), "building-"));
    try {
      mkdirSync(join(draft, "libexec"));
      const failed = await buildGoProgram(machine, PROGRAM, draft, options);
      if (failed !== undefined) return { ok: false, reason: failed };
      rmSync(target, { recursive: true, force: true });
      renameSync(draft, target);
      return { ok: true };
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}
