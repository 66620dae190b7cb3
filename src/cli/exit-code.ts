import type { FailureKind, Outcome } from "../index.ts";

/** Every exit code of the command line. 130 is the shell's convention for a run that Ctrl-C ended. */
export const EXIT_CODES = {
  done: 0,
  refused: 1,
  usage: 2,
  person: 3,
  remote: 4,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<FailureKind | "done" | "bug" | "interrupted", number>;

/** The exit code that an outcome deserves. */
export function exitCodeOf(outcome: Outcome<unknown>): number {
  return outcome.ok ? EXIT_CODES.done : EXIT_CODES[outcome.failure.kind];
}
