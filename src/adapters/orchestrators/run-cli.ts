import { spawn } from "node:child_process";

/** How one call of the program ended. Only after `missing` (no such program, or what no program can be given) is it certain that nothing was done. */
export type CliRun =
  | { readonly kind: "exit"; readonly status: number; readonly stdout: string }
  | { readonly kind: "failure"; readonly failure: "missing" | "timeout" | "too_large" | "broken" };

export interface CliPlace {
  /** The program and what stands before every argument, default `["stripe"]`. */
  readonly program: readonly [string, ...string[]];
  readonly folder: string;
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds, after which the program is killed with everything that it started. */
  readonly timeout: number;
  /** Called with the process id as soon as the program runs; when it throws, the program is ended and the call is `broken`. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

const OUTPUT_BYTES_MAX = 4_194_304;
/** For what a program that has ended left in the pipe, milliseconds; something that it started may hold the pipe open for ever. */
const GRACE_MS = 1_000;

/** Runs the program without a shell, each argument as it is; standard input is closed, so that nothing can be asked. */
export function runCli(
  { program: [command, ...before], folder, env, timeout, onStart }: CliPlace,
  args: readonly string[],
): Promise<CliRun> {
  const texts = [command, ...before, ...args, ...Object.entries(env).flat()];
  if (texts.some((text) => text.includes("\0")))
    return Promise.resolve({ kind: "failure", failure: "missing" });
  return new Promise((resolve) => {
    // A group of its own: a CLI that hangs has children that hang.
    const child = spawn(command, [...before, ...args], {
      cwd: folder,
      env,
      shell: false,
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: "timeout" | "too_large" | "broken" | undefined;
    const kill = (reason: "timeout" | "too_large" | "broken"): void => {
      failure ??= reason;
      end();
    };
    const end = (): void => {
      // What left the group may still hold the pipe.
      child.stdout.destroy();
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    };
    const timer = setTimeout(() => kill("timeout"), timeout);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > OUTPUT_BYTES_MAX) kill("too_large");
      else chunks.push(chunk);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const isMissing = error.code === "ENOENT" || error.code === "EACCES";
      resolve({ kind: "failure", failure: isMissing ? "missing" : "broken" });
    });
    let grace: NodeJS.Timeout | undefined;
    child.once("exit", () => {
      clearTimeout(timer);
      grace = setTimeout(end, GRACE_MS);
    });
    child.once("close", (status) => {
      clearTimeout(grace);
      if (failure !== undefined) resolve({ kind: "failure", failure });
      else if (status === null) resolve({ kind: "failure", failure: "broken" });
      else resolve({ kind: "exit", status, stdout: Buffer.concat(chunks).toString("utf8") });
    });
    try {
      if (child.pid !== undefined) onStart?.(child.pid);
    } catch {
      // Nobody would wait for a program that could not be written down.
      kill("broken");
    }
  });
}
