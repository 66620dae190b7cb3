import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type BuildOptions,
  type BuildResult,
  buildGoProgram,
  type GoProgram,
} from "./build-go-program.ts";
import { withBuildLock } from "./build-lock.ts";
import { ENGINE_VERSION, LANGUAGE_HOST_VERSION, type Machine } from "./engine.ts";
import { DYNAMIC_PROVIDER_SCRIPT, END_WITH_ENGINE } from "./launchers.ts";
import { builtEngineFolder } from "./machine-folders.ts";

const SDK = "github.com/pulumi/pulumi/sdk/v3";
const PKG = "github.com/pulumi/pulumi/pkg/v3";

/** The language host first: it takes half a minute, and a machine that cannot build fails soon. */
const PROGRAMS: readonly GoProgram[] = [
  {
    what: "language host",
    binary: "pulumi-language-nodejs",
    goVersion: "1.25",
    module: SDK,
    version: LANGUAGE_HOST_VERSION,
    path: `${SDK}/nodejs/cmd/pulumi-language-nodejs`,
    ldflags: "-s -w",
    packages: 600,
    sums: [
      `${SDK} v3.68.0 h1:JWn3DGJhzoWL8bNbUdyLSSPeKS2F9mv14/EL9QeVT3w=`,
      `${SDK} v3.68.0/go.mod h1:A/WHc5MlxU8GpX/sRmfQ9G0/Bxxl4GNdSP7TQmy4yIw=`,
    ],
  },
  {
    what: "engine",
    binary: "pulumi",
    goVersion: "1.25.11",
    module: PKG,
    version: ENGINE_VERSION,
    path: `${PKG}/cmd/pulumi`,
    ldflags: `-s -w -X ${SDK}/go/common/version.Version=v${ENGINE_VERSION}`,
    packages: 1_640,
    sums: [
      `${PKG} v3.255.0 h1:ISv/pcGGIZf4gW5KwABJPzg+GF9Vg1DoohlPq2Y/2QE=`,
      `${PKG} v3.255.0/go.mod h1:0d1xMaPlWlHSHtquZ98pmUizE5iIXcMyldQs+ZxPaLc=`,
      `${SDK} v3.255.0 h1:G872L4M1EPW3l60yEc52GgLpFRdXAVf0rn96q3MwDVQ=`,
      `${SDK} v3.255.0/go.mod h1:b99ZkmEGjVyW55blOwL94IfPLcaajhOfV8OTePZrRJM=`,
    ],
  },
];

/**
 * Builds engine and language host from their published modules into the machine's cache: 4 to 6 minutes on two cores the
 * first time. The folder appears whole or not at all, and one build runs at a time; who waited finds the other's result.
 */
export async function buildEngine(machine: Machine, options: BuildOptions): Promise<BuildResult> {
  const target = builtEngineFolder(machine);
  mkdirSync(dirname(target), { recursive: true });
  const onWait = (seconds: number): void =>
    options.onProgress?.({ what: "waiting", seconds, packages: 0, total: 0 });
  return withBuildLock(`${target}.lock`, onWait, async () => {
    if (await options.isBuilt()) return { ok: true };
    const draft = mkdtempSync(join(dirname(target), "building-"));
    try {
      const libexec = join(draft, "libexec");
      mkdirSync(libexec);
      for (const program of PROGRAMS) {
        const failed = await buildGoProgram(machine, program, draft, options);
        if (failed !== undefined) return { ok: false, reason: failed };
      }
      writeFileSync(join(libexec, "end-with-engine.cjs"), END_WITH_ENGINE);
      const script = join(libexec, "pulumi-resource-pulumi-nodejs");
      writeFileSync(script, DYNAMIC_PROVIDER_SCRIPT);
      chmodSync(script, 0o755);
      rmSync(target, { recursive: true, force: true });
      renameSync(draft, target);
      return { ok: true };
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}
