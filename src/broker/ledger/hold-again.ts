import type { LogEvent } from "../../log/event.ts";
import { appendEvent } from "./append-event.ts";
import { type Line, toQuantity } from "./caps.ts";
import { findLimit } from "./find-limit.ts";
import type { Section } from "./group-commit.ts";
import type { Denial, Intent } from "./ledger.ts";
import { type AlertPlace, raiseDenial, raiseReservation } from "./raise-alerts.ts";
import { denyFrozen, denyMisfit } from "./record-act.ts";
import { moveToWindow } from "./windows.ts";

/**
 * Before an act is sent again: its money under the caps of today's month and day, too, when it is held under those of earlier ones. Which of its attempts is
 * charged is not known, so all that it holds stays until it ends. Answers why it does not fit, and logs it; undefined when it is held. Holds nothing twice.
 */
export function holdAgain(
  section: Section,
  intent: Intent & { readonly stoppable: boolean },
  event: LogEvent | undefined,
  place: AlertPlace,
): Denial | undefined {
  const { state, changes, now } = section;
  const frozen = denyFrozen(state, intent.stoppable, intent.provider);
  if (frozen !== undefined) return frozen;
  const lines = listMissing(section, intent.key, place);
  if (lines.length === 0) return undefined;
  const denial = denyMisfit(state.money.refuse(lines));
  if (denial === undefined) {
    state.money.holdAgain(changes, intent.key, lines, now);
    raiseReservation(section, intent, lines, place);
    return undefined;
  }
  if (event !== undefined)
    appendEvent(section, { ...event, name: "act-denied", code: denial.code });
  raiseDenial(section, intent, place);
  return denial;
}

/** The accounts of today's calendar windows that an act holds nothing under, though it does under earlier ones. */
function listMissing(
  { state, now }: Section,
  key: string,
  { limits }: AlertPlace,
): readonly Line[] {
  const holds = state.money.holdsOf(key);
  const known = new Set(holds.map(({ account }) => account));
  return holds.flatMap(({ account: before, unit, minor, settles }): Line[] => {
    const account = moveToWindow(before, now);
    if (account === undefined || known.has(account)) return [];
    known.add(account);
    const limit = findLimit(limits, account, now);
    return [{ account, amount: { unit, minor }, limit: limit && toQuantity(limit), settles }];
  });
}
