import type { BuildOptions, BuildResult, GoProgram } from "../build-go-program.ts";
import { buildInCache } from "../build-in-cache.ts";
import type { Machine } from "../engine.ts";
import { builtOpentofuFolder, OPENTOFU_VERSION } from "./opentofu-folders.ts";

const MODULE = "github.com/opentofu/opentofu";

/** `replace` and `godebug` hold in a main module alone, so what OpenTofu says there is said again. */
const PROGRAM: GoProgram = {
  what: "OpenTofu",
  binary: "tofu",
  goVersion: "1.26.6",
  module: MODULE,
  version: OPENTOFU_VERSION,
  path: `${MODULE}/cmd/tofu`,
  ldflags: `-s -w -X ${MODULE}/version.dev=no`,
  packages: 1_570,
  sums: [
    `${MODULE} v1.12.6 h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=`,
    `${MODULE} v1.12.6/go.mod h1:smR4N0Md4RqsCUJtJUxQq4DKE3CQP9Z/GU05wE/ooaA=`,
  ],
  directives: [
    "replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828",
    "godebug (\n\ttlsmlkem=0\n\twinsymlink=0\n)",
  ],
};

/** Builds OpenTofu from its published module into the machine's cache: about 5 minutes on two idle cores the first time. */
export function buildOpentofu(machine: Machine, options: BuildOptions): Promise<BuildResult> {
  return buildInCache(machine, PROGRAM, builtOpentofuFolder(machine), options);
}
