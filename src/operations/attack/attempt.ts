import type { Arena } from "./arena.ts";

/** How one attempt of the hostile agent ended. */
export interface AttemptResult {
  /** False when it got through: the demonstration has found a hole. */
  readonly stopped: boolean;
  /** What was tried, in numbers where there are any. */
  readonly tried: string;
  /** What stopped it: codes of refusals, or what did not happen. */
  readonly by: string;
}

/** One thing that a hostile agent tries. */
export interface Attempt {
  readonly title: string;
  run(arena: Arena): Promise<AttemptResult>;
}
