import { type Refusal, refuse } from "./outcome.ts";

/** How a person must say yes to what only people may do. */
export interface Confirmation {
  /** Typed on a terminal: an option like `--yes` is no answer, since every program that can start the command can give it. */
  readonly typed: boolean;
}

/** The stack `local` is always the embedded sandbox, where there is play money and no account of anybody; on every other stack the answer must be typed. */
export function confirmationOn(stack: string): Confirmation {
  return { typed: stack !== "local" };
}

/** Nobody has said yes in the way that was asked for. */
export function refuseUnanswered(message: string, { typed }: Confirmation): Refusal {
  return refuse({
    kind: "person",
    code: "not-confirmed",
    message,
    remedy: typed
      ? "Run the command on a terminal, without `--json`, and type yes there: on a live stack `--yes` is no answer."
      : "Answer yes on a terminal, or give `--yes`.",
  });
}
