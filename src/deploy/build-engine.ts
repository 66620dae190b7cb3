import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { withBuildLock } from "./build-lock.ts";
import { ENGINE_VERSION, LANGUAGE_HOST_VERSION, type Machine } from "./engine.ts";
import { DYNAMIC_PROVIDER_SCRIPT, END_WITH_ENGINE } from "./launchers.ts";
import { builtEngineFolder } from "./machine-folders.ts";

/** Where a build is. Told about once a second. */
export interface BuildProgress {
  readonly what: "waiting" | "language host" | "engine";
  readonly seconds: number;
  /** Go packages downloaded or compiled so far. */
  readonly packages: number;
}

export type BuildResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One binary made from a published Go module. */
interface GoProgram {
  readonly what: "language host" | "engine";
  readonly binary: string;
  readonly goVersion: string;
  readonly module: string;
  readonly version: string;
  readonly path: string;
  readonly ldflags: string;
  /** Lines of `go.sum` that pin the sources, whatever checksum database the machine uses. */
  readonly sums: readonly string[];
}

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
    sums: [
      `${PKG} v3.255.0 h1:ISv/pcGGIZf4gW5KwABJPzg+GF9Vg1DoohlPq2Y/2QE=`,
      `${PKG} v3.255.0/go.mod h1:0d1xMaPlWlHSHtquZ98pmUizE5iIXcMyldQs+ZxPaLc=`,
      `${SDK} v3.255.0 h1:G872L4M1EPW3l60yEc52GgLpFRdXAVf0rn96q3MwDVQ=`,
      `${SDK} v3.255.0/go.mod h1:b99ZkmEGjVyW55blOwL94IfPLcaajhOfV8OTePZrRJM=`,
    ],
  },
];

/** Variables that `go` may see besides its own `GO*`. */
const ALLOWED =
  /^(?:PATH|HOME|TMPDIR|XDG_[A-Z_]+|CC|SSL_CERT_(?:FILE|DIR)|GO[A-Z0-9_]*|(?:HTTPS?|NO)_PROXY|(?:https?|no)_proxy)$/;

/**
 * Builds engine and language host from their published modules into the machine's cache: 4 to 6 minutes on two cores the
 * first time. The folder appears whole or not at all, and one build runs at a time; who waited finds the other's result.
 */
export async function buildEngine(
  machine: Machine,
  options: {
    /** The `go` to use. Default: the one on the PATH. */
    readonly go?: string | undefined;
    readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
    /** True when the folder holds a good engine already. */
    readonly isBuilt: () => Promise<boolean>;
  },
): Promise<BuildResult> {
  const target = builtEngineFolder(machine);
  mkdirSync(dirname(target), { recursive: true });
  const onWait = (seconds: number): void =>
    options.onProgress?.({ what: "waiting", seconds, packages: 0 });
  return withBuildLock(`${target}.lock`, onWait, async () => {
    if (await options.isBuilt()) return { ok: true };
    const draft = mkdtempSync(join(dirname(target), "building-"));
    try {
      const libexec = join(draft, "libexec");
      mkdirSync(libexec);
      for (const program of PROGRAMS) {
        const failed = await buildProgram(machine, program, draft, options);
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

/** Undefined when the binary was made, else why not. */
async function buildProgram(
  machine: Machine,
  program: GoProgram,
  draft: string,
  options: {
    readonly go?: string | undefined;
    readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string | undefined> {
  const folder = join(draft, program.binary);
  mkdirSync(folder);
  const lines = [
    "module supercargo-engine",
    `go ${program.goVersion}`,
    `require ${program.module} v${program.version}`,
  ];
  writeFileSync(join(folder, "go.mod"), `${lines.join("\n\n")}\n`);
  writeFileSync(join(folder, "go.sum"), `${program.sums.join("\n")}\n`);
  const output = join(draft, "libexec", program.binary);
  const flags = ["-buildvcs=false", "-trimpath", "-v", "-ldflags", program.ldflags];
  const child = spawn(options.go ?? "go", ["build", ...flags, "-o", output, program.path], {
    cwd: folder,
    env: goEnvironment(machine),
    stdio: ["ignore", "ignore", "pipe"],
    signal: options.signal,
  });
  const failed = await watchBuild(child, program.what, options.onProgress);
  rmSync(folder, { recursive: true, force: true });
  return failed;
}

async function watchBuild(
  child: ChildProcess,
  what: BuildProgress["what"],
  onProgress: ((progress: BuildProgress) => void) | undefined,
): Promise<string | undefined> {
  const begin = performance.now();
  let packages = 0;
  let last = "";
  const timer = setInterval(() => {
    onProgress?.({ what, seconds: Math.round((performance.now() - begin) / 1000), packages });
  }, 1_000);
  const exit = new Promise<string | undefined>((resolve) => {
    child.once("error", (error) =>
      resolve(
        (error as NodeJS.ErrnoException).code === "ENOENT"
          ? "go is not on the PATH"
          : "go was stopped",
      ),
    );
    child.once("close", (code) => resolve(code === 0 ? undefined : last || "go was stopped"));
  });
  try {
    if (child.stderr !== null) {
      for await (const line of createInterface({ input: child.stderr })) {
        packages += 1;
        last = line.slice(0, 300);
      }
    }
    return await exit;
  } finally {
    clearInterval(timer);
  }
}

function goEnvironment(machine: Machine): Record<string, string> {
  const kept = Object.entries(machine.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && ALLOWED.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), GOFLAGS: "-mod=mod" };
}
