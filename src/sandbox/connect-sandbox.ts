import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./sandbox-error.ts";
import { readSandboxFile } from "./sandbox-file.ts";

/** Where a running sandbox answers, for clients. */
export interface SandboxAddress {
  readonly controlUrl: string;
  readonly appPort: number;
  readonly adminToken: string;
  readonly pid: number;
}

/** How long a look at a sandbox may take. */
const HEALTH_TIMEOUT_MS = 2_000;
/** How long a start may take: workerd is slow on a busy machine. */
const START_TIMEOUT_MS = 60_000;
/** Variables that the process needs; everything else of the caller's environment, credentials above all, stays out. */
const PASSED_VARIABLES = [
  "PATH",
  "HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
  "SUPERCARGO_WORKERD_PATH",
];

/** Finds the sandbox of a home; undefined when none answers there. */
export async function findSandbox(home: string): Promise<SandboxAddress | undefined> {
  const file = readSandboxFile(home);
  if (file === undefined || file.pid === null) return undefined;
  const { controlUrl, appPort, adminToken, pid } = file;
  try {
    const response = await fetch(`${controlUrl}/sandbox/health`, {
      headers: { "x-sandbox-admin": adminToken },
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const health = (await response.json()) as { readonly ok?: unknown; readonly pid?: unknown };
    const isIt = response.ok && health.ok === true && health.pid === pid;
    return isIt ? { controlUrl, appPort, adminToken, pid } : undefined;
  } catch {
    return undefined;
  }
}

/** A sandbox process that this process started. */
export interface SpawnedSandbox extends SandboxAddress {
  /** Asks it to end and waits until it has. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox of a home as a process of its own and waits until it answers. `detached` makes it a daemon that outlives this process; otherwise it ends when this process
 * does, however that ends. Its standard error goes to `<home>/sandbox.log`. Throws {@link SandboxError} with the reason when it does not start.
 */
export async function spawnSandbox(input: {
  readonly home: string;
  readonly detached: boolean;
}): Promise<SpawnedSandbox> {
  const { home, detached } = input;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const script = fileURLToPath(new URL("./serve-sandbox.ts", import.meta.url));
  const log = openSync(join(home, "sandbox.log"), "a", 0o600);
  const bound = detached ? [] : ["--with-parent"];
  const child = spawn(process.execPath, ["--no-warnings", script, "--home", home, ...bound], {
    detached,
    env: Object.fromEntries(PASSED_VARIABLES.map((name) => [name, process.env[name]])),
    stdio: [detached ? "ignore" : "pipe", "pipe", log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await readFirstLine(child.stdout);
  if (line.ready !== true) {
    child.kill("SIGKILL");
    const code = line.code;
    const isKnown = code === "home-in-use" || code === "port-busy" || code === "damaged-home";
    throw new SandboxError(
      isKnown ? code : "start-failed",
      typeof line.message === "string" ? line.message : "the sandbox did not start; see its log",
    );
  }
  child.stdout?.destroy();
  // Neither the child nor its input pipe may keep this process alive: the pipe closes with it, which is the child's signal to end.
  child.unref();
  if (child.stdin !== null && "unref" in child.stdin) (child.stdin as { unref(): void }).unref();
  const file = readSandboxFile(home);
  if (file === undefined) throw new SandboxError("start-failed", "sandbox.json is missing");
  const { controlUrl, appPort, adminToken } = file;
  const close = async () => {
    child.ref();
    child.kill("SIGTERM");
    await ended;
  };
  return { controlUrl, appPort, adminToken, pid: child.pid ?? 0, close };
}

/** The child's first line, or an empty one when it ended or took too long before. */
async function readFirstLine(
  output: NodeJS.ReadableStream | null,
): Promise<Readonly<Record<string, unknown>>> {
  if (output === null) return {};
  const lines = createInterface({ input: output });
  const line = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve("{}"), START_TIMEOUT_MS);
    const settle = (text: string) => {
      clearTimeout(timer);
      resolve(text);
    };
    lines.once("line", settle).once("close", () => settle("{}"));
  });
  lines.close();
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
