import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { STORE_VERSION, storeProgram } from "../util/store-program.ts";
import type { BuildOptions, BuildResult, GoProgram } from "./build-go-program.ts";
import { buildInCache } from "./build-in-cache.ts";
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
 * Makes sure that the S3-compatible store of container stacks is there for the sandbox: built from its published module into the machine's cache, about two
 * minutes of processor time the first time.
 */
export async function ensureStore(
  machine: Machine,
  options: Omit<BuildOptions, "isBuilt">,
): Promise<BuildResult> {
  const program = storeProgram(machine.env, machine.home);
  if (existsSync(program)) return { ok: true };
  const isBuilt = async (): Promise<boolean> => existsSync(program);
  return buildInCache(machine, PROGRAM, dirname(dirname(program)), { ...options, isBuilt });
}
