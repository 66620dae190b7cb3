import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions, BuildResult, GoProgram } from "../build-go-program.ts";
import { buildInCache } from "../build-in-cache.ts";
import type { Machine } from "../engine.ts";
import {
  CLI_VERSION,
  CROSSPLANE_VERSION,
  crossplaneFolders,
  findCrossplane,
} from "./find-crossplane.ts";

const CLI = "github.com/crossplane/cli/v2";
const CORE = "github.com/crossplane/crossplane/v2";
const APIS = "github.com/crossplane/crossplane/apis/v2";

const CLI_PROGRAM: GoProgram = {
  what: "Crossplane CLI",
  binary: "crossplane",
  goVersion: "1.26.0",
  module: CLI,
  version: CLI_VERSION,
  path: `${CLI}/cmd/crossplane`,
  ldflags: "-s -w",
  packages: 2_330,
  sums: [
    `${CLI} v2.5.0 h1:Fb+9rhbD7PHSLZVtwI5ov9Od0ywX0feBSR4vrm5BQv0=`,
    `${CLI} v2.5.0/go.mod h1:/B+KhR+lAVLSpdSS/Op26/OdPshk8U31+DH37wPOX0A=`,
  ],
};

/** Its own `go.mod` takes its types from a folder beside it, which nobody else can; they are published, too. */
const CORE_PROGRAM: GoProgram = {
  what: "Crossplane",
  binary: "crossplane-core",
  goVersion: "1.25.11",
  module: CORE,
  version: CROSSPLANE_VERSION,
  path: `${CORE}/cmd/crossplane`,
  ldflags: "-s -w",
  packages: 680,
  sums: [
    `${CORE} v2.3.4 h1:fqYKqtyQjMnodjyKOJUeupf8SSzjLrTWGUrS+aR2z+E=`,
    `${CORE} v2.3.4/go.mod h1:hX3cxGlbZ9f0ZehYJhtk5JBh+xVJ1FBxMxYBP0tJwDQ=`,
  ],
  directives: [`require ${APIS} v${CROSSPLANE_VERSION}`],
  folders: { schemas: "cluster/crds" },
};

/** Makes sure that Crossplane's renderer and validator are there, built from their published modules into the machine's cache. */
export async function ensureCrossplane(
  machine: Machine,
  options: Omit<BuildOptions, "isBuilt">,
): Promise<BuildResult> {
  if (findCrossplane(machine) !== undefined) return { ok: true };
  const { cli, core } = crossplaneFolders(machine);
  for (const [program, folder] of [
    [CLI_PROGRAM, cli],
    [CORE_PROGRAM, core],
  ] as const) {
    const binary = join(folder, "libexec", program.binary);
    const isBuilt = async (): Promise<boolean> => existsSync(binary);
    if (await isBuilt()) continue;
    const built = await buildInCache(machine, program, folder, { ...options, isBuilt });
    if (!built.ok) return built;
  }
  return { ok: true };
}
