import { spawnSync } from "node:child_process";

export interface Timing {
  /** Seconds of wall time: minimum, median, maximum over the counted runs. */
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A command that a bench times from outside, as a whole process. */
export interface Command {
  readonly label: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Runs the commands in turn (A B C A B C ...), so that a drift of the machine's speed meets all of them alike, after one
 * round that is not counted. Throws when a command fails: a failed run has no time.
 */
export function measureCommands(
  commands: readonly Command[],
  rounds: number,
): ReadonlyMap<string, Timing> {
  const seconds = new Map<string, number[]>(commands.map(({ label }) => [label, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const command of commands) {
      const elapsed = timeOnce(command);
      if (round > 0) seconds.get(command.label)?.push(elapsed);
    }
  }
  return new Map([...seconds].map(([label, values]) => [label, summarise(values)]));
}

function timeOnce({ label, argv: [program, ...args], cwd, env }: Command): number {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    timeout: 300_000,
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${label} failed with ${status ?? error?.message}:\n${stderr}`);
  return elapsed;
}

function summarise(values: readonly number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}
