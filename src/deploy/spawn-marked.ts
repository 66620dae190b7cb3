import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { markProcess } from "../util/process-mark.ts";
import { endMarked, RUN_MARK } from "./end-orphans.ts";
import { removeRunRecord, writeRunRecord } from "./run-record.ts";
import type { StackPlace } from "./stack-place.ts";

/** One start of an engine's program. */
export interface MarkedProgram {
  /** Absolute. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly place: StackPlace;
  /** Aborting it sends one SIGINT, after which the engine finishes what it has begun and ends. */
  readonly signal?: AbortSignal | undefined;
  /** Gets standard output line by line. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface EngineExit {
  /** Null when a signal ended it or it could not be started. */
  readonly exitCode: number | null;
  readonly interrupted: boolean;
  /** At most the last 64 kB. */
  readonly stderr: string;
}

const STDERR_LIMIT = 65_536;

/**
 * Runs an engine to its end, in a process group of its own so that a Ctrl-C on the terminal reaches it through us alone
 * and once. A record of the run lets the next one find what a killed run left behind.
 */
export async function spawnMarked(program: MarkedProgram): Promise<EngineExit> {
  const { place, signal } = program;
  const runId = randomUUID();
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: { ...program.env, [RUN_MARK]: runId },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) {
    const owner = markProcess(process.pid);
    writeRunRecord(place, { runId, engine: markProcess(child.pid), owner });
  }
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) return;
    interrupted = true;
    child.kill("SIGINT");
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted === true) interrupt();
  try {
    const [exitCode, stderr] = await Promise.all([
      waitForExit(child),
      collect(child),
      passLines(child, program.onLine),
    ]);
    if (exitCode === null) await endMarked(runId);
    return { exitCode, interrupted, stderr };
  } finally {
    signal?.removeEventListener("abort", interrupt);
    removeRunRecord(place, runId);
  }
}

function waitForExit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });
}

async function collect(child: ChildProcess): Promise<string> {
  let text = "";
  child.stderr?.setEncoding("utf8");
  for await (const part of child.stderr ?? []) text = (text + String(part)).slice(-STDERR_LIMIT);
  return text;
}

async function passLines(
  child: ChildProcess,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout })) onLine?.(line);
}
