import type { LogEvent } from "../../log/event.ts";
import type { Money } from "../../util/money.ts";
import { appendEvent } from "./append-event.ts";
import { listLines } from "./caps.ts";
import type { Section } from "./group-commit.ts";
import type { Denial, Intent } from "./ledger.ts";
import { type AlertPlace, raiseDenial, raiseReservation } from "./raise-alerts.ts";
import { denyMisfit } from "./record-act.ts";

/**
 * Holds what may have come of an act without an answer, under every cap that counts money over time, so that another act can take its place. It stays held until
 * that act ends. Holds nothing twice. Answers why it does not fit, and logs it.
 */
export function holdDoubt(
  section: Section,
  intent: Intent & { readonly run: string; readonly stoppable: boolean },
  amount: Money,
  event: LogEvent,
  place: AlertPlace,
): Denial | undefined {
  const { state, changes, now } = section;
  if (state.money.holdsOf(intent.key).some(({ settles }) => settles === "capture"))
    return undefined;
  const request = { ...intent, event, spend: { amount, categories: [] } };
  // What comes of it later is not this run's to spend.
  const lines = listLines(place.limits, request, { agent: place.agent, now }).filter(
    ({ account, settles }) => settles === "capture" && !account.startsWith("run/"),
  );
  const denial = denyMisfit(state.money.refuse(lines));
  const said: LogEvent =
    denial === undefined ? event : { ...event, name: "act-denied", code: denial.code };
  appendEvent(section, said);
  if (denial !== undefined) {
    raiseDenial(section, request, place);
    return denial;
  }
  state.money.holdAgain(changes, intent.key, lines, now);
  raiseReservation(section, request, lines, place);
  return undefined;
}
