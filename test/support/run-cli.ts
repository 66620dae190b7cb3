import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export const PROJECT_ROOT = join(import.meta.dirname, "../..");
const MAIN = join(PROJECT_ROOT, "src/cli/main.ts");

/** The output of a dead command has been read when none came for this time, milliseconds. */
const SILENT_MS = 200;

export interface CliRun {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a process of its own, without terminal. */
export function startCli(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): { readonly child: ChildProcess; readonly done: Promise<CliRun> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const done = new Promise<CliRun>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    let pieces = 0;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      pieces += 1;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      pieces += 1;
    });
    child.on("error", reject);
    // All of its output; but what a killed command started may hold its pipes on.
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.on("exit", (code) => {
      const waitForSilence = (): void => {
        const before = pieces;
        // Where this process itself got no turn for long, what came meanwhile is read between timer and immediate.
        const look = (): void => {
          // What a killed command started may write on for long.
          if (pieces === before || code === null) resolve({ code, stdout, stderr });
          else waitForSilence();
        };
        setTimeout(() => setImmediate(look), SILENT_MS);
      };
      waitForSilence();
    });
  });
  return { child, done };
}

/** Runs the command line to its end. */
export function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CliRun> {
  return startCli(args, options).done;
}
