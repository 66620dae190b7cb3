import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Machine } from "./engine.ts";

const run = promisify(execFile);

/** Where a build is. Told about once a second. */
export interface BuildProgress {
  readonly what: "waiting" | GoProgram["what"];
  readonly seconds: number;
  /** Go packages downloaded or compiled so far. */
  readonly packages: number;
  /** {@link GoProgram.packages}; 0 while another process builds. */
  readonly total: number;
}

export type BuildResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One binary made from a published Go module. */
export interface GoProgram {
  readonly what:
    | "language host"
    | "engine"
    | "OpenTofu"
    | "object store"
    | "Crossplane"
    | "Crossplane CLI";
  readonly binary: string;
  readonly goVersion: string;
  readonly module: string;
  readonly version: string;
  readonly path: string;
  readonly ldflags: string;
  /** What a first build downloads and compiles, in packages: measured, for progress alone. */
  readonly packages: number;
  /** Lines of `go.sum` that pin the module itself; what it needs is checked against Go's checksum database, which no setting of the machine turns off. */
  readonly sums: readonly string[];
  /** More lines of `go.mod`: what a module says there for itself alone, such as `replace`. */
  readonly directives?: readonly string[] | undefined;
  /** Folders of the module that are kept beside `libexec`: name there -> path in the module. */
  readonly folders?: Readonly<Record<string, string>> | undefined;
}

export interface BuildOptions {
  /** The `go` to use. Default: the one on the PATH. */
  readonly go?: string | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** True when the folder holds a good engine already. */
  readonly isBuilt: () => Promise<boolean>;
}

/** Variables that `go` may see: where it finds and keeps things, and nothing by which it would believe what it finds. */
const ALLOWED =
  /^(?:PATH|HOME|TMPDIR|XDG_[A-Z_]+|CC|SSL_CERT_(?:FILE|DIR)|GO(?:PROXY|PATH|MODCACHE|CACHE|TMPDIR|TOOLCHAIN|MAXPROCS|MEMLIMIT|GC)|(?:HTTPS?|NO)_PROXY|(?:https?|no)_proxy)$/;

/** Go's own checksum databases, whose key Go knows, also by way of a mirror. */
const CHECKSUM_DATABASE = /^sum\.golang\.(?:org|google\.cn)(?: https:\/\/\S+)?$/;

/** Set rather than left out: what is not in the environment, Go takes from the user's `go env -w`. No module is called `none`. */
const FIXED = {
  GOFLAGS: "-mod=mod",
  GOWORK: "off",
  GONOSUMDB: "none",
  GOPRIVATE: "none",
  GOINSECURE: "none",
} as const;

/** Builds one binary into `<draft>/libexec`. Undefined when it was made, else why not. */
export async function buildGoProgram(
  machine: Machine,
  program: GoProgram,
  draft: string,
  options: Omit<BuildOptions, "isBuilt">,
): Promise<string | undefined> {
  const folder = join(draft, program.binary);
  mkdirSync(folder);
  const lines = [
    "module supercargo-engine",
    `go ${program.goVersion}`,
    `require ${program.module} v${program.version}`,
    ...(program.directives ?? []),
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
  const failed =
    (await watchBuild(child, program, options.onProgress)) ??
    (await keepFolders(machine, program, draft, options.go));
  rmSync(folder, { recursive: true, force: true });
  return failed;
}

/** Undefined when all were kept, else why not. */
async function keepFolders(
  machine: Machine,
  { binary, module, folders = {} }: GoProgram,
  draft: string,
  go = "go",
): Promise<string | undefined> {
  const wanted = Object.entries(folders);
  if (wanted.length === 0) return undefined;
  const cwd = join(draft, binary);
  const list = ["list", "-m", "-f", "{{.Dir}}", module];
  const { stdout } = await run(go, list, { cwd, env: goEnvironment(machine) }).catch(() => ({
    stdout: "",
  }));
  const source = stdout.trim();
  if (source === "") return "the module's own folder was not found";
  for (const [name, path] of wanted) {
    cpSync(join(source, path), join(draft, name), { recursive: true });
    // Go's cache is read-only, and what is ours must be removable.
    chmodSync(join(draft, name), 0o755);
  }
  return undefined;
}

async function watchBuild(
  child: ChildProcess,
  { what, packages: total }: GoProgram,
  onProgress: ((progress: BuildProgress) => void) | undefined,
): Promise<string | undefined> {
  const begin = performance.now();
  let packages = 0;
  let last = "";
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    onProgress?.({ what, seconds, packages, total });
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
  const { GOSUMDB: chosen = "" } = machine.env;
  const database = CHECKSUM_DATABASE.test(chosen) ? chosen : "sum.golang.org";
  return { ...Object.fromEntries(kept), ...FIXED, GOSUMDB: database };
}
