import { textAt } from "../../../util/json-access.ts";

/** What can be done with a subscription. `unclear`: it may yet be usable again, or the word is not known. */
export type SubscriptionState = "usable" | "over" | "unclear";

/** Words of `state`. A bill that is due ends nothing, and what disables one (a spending limit, an unpaid bill, a cancellation) can be taken back: all others are unclear. */
const STATES: ReadonlyMap<string, SubscriptionState> = new Map([
  ["Enabled", "usable"],
  ["PastDue", "usable"],
  ["Warned", "usable"],
  ["Deleted", "over"],
]);

/** Undefined where none is shown. */
export function readState(row: unknown): SubscriptionState | undefined {
  const state = textAt(row, ["state"]);
  return state === undefined ? undefined : (STATES.get(state) ?? "unclear");
}
