import type { Progress } from "./progress.ts";

/** The surroundings of an operation, handed in by whoever calls it. */
export interface Workplace {
  /** Absolute folder that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: (() => number) | undefined;
  /** Aborted when the caller wants out: the operation stops what it started and answers. */
  readonly signal: AbortSignal;
}
