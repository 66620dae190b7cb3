import type { AlertSubject } from "../../alerts/alert.ts";
import { findAlerts } from "../../alerts/find-alerts.ts";
import {
  type BurstRule,
  findDenialBurst,
  findUnknownOutcomes,
} from "../../alerts/find-incidents.ts";
import type { CapUse } from "../../alerts/reservation.ts";
import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { Line } from "./caps.ts";
import type { Section } from "./group-commit.ts";
import type { Intent, IntentRequest } from "./ledger.ts";
import { spanOf, stretchOf } from "./windows.ts";

/** What people are told of. */
export interface LedgerAlertRules {
  /** From this per cent of a cap on an alert blocks. */
  readonly blockFrom: number;
  readonly denials: BurstRule;
}

/** As the guardrails' defaults say. */
export const DEFAULT_ALERT_RULES: LedgerAlertRules = {
  blockFrom: 90,
  denials: { count: 5, minutes: 10 },
};

/** Who acts, under which rules. */
export interface AlertPlace {
  readonly limits: Limits;
  readonly rules: LedgerAlertRules;
  readonly agent: string;
}

type Subject = Pick<Intent, "identity"> & { readonly provider: string | undefined };

/** As many as a rule may ask for. */
const DENIALS_MAX = 1_000;

/** After the holds, in the same append: everything that people must hear of them. */
export function raiseReservation(
  { state, changes, now }: Section,
  request: Pick<IntentRequest, "identity" | "provider" | "spend">,
  lines: readonly Line[],
  { limits, rules, agent }: AlertPlace,
): void {
  const caps: CapUse[] = [];
  for (const line of lines) {
    const use = capUseOf({ state, changes, now }, line);
    if (use !== undefined) caps.push(use);
  }
  const subject = { ...subjectOf(request, agent), provider: request.provider };
  const thresholds = { thresholds: limits.alerts, blockFrom: rules.blockFrom };
  for (const alert of findAlerts({ at: now, subject, spend: request.spend, caps }, thresholds))
    state.alerts.raise(changes, alert);
}

/** In the append of a denial: whether it is one too many. */
export function raiseDenial(
  { state, changes, now }: Section,
  request: Subject,
  { rules, agent }: AlertPlace,
): void {
  const { project, stack } = request.identity;
  const scope = `${project}/${stack}`;
  const earliest = now - rules.denials.minutes * 60_000;
  const denials = [...(state.denials.get(scope) ?? []), now]
    .filter((at) => at > earliest)
    .slice(-DENIALS_MAX);
  state.denials.set(scope, denials);
  const subject = subjectOf(request, agent);
  const alert = findDenialBurst({ scope, denials, at: now, subject }, rules.denials);
  if (alert !== undefined) state.alerts.raise(changes, alert);
}

/** Of acts that were sent and have had no answer for long. */
export function raiseUnknown({ state, changes, now }: Section, agent: string): void {
  const doubts = state.intents
    .open()
    .filter(({ state, waiting }) => state === "dispatched" && waiting === "unknown")
    .map((intent) => {
      const held = state.money.heldBy(intent.key);
      return {
        intent: intent.key,
        dispatchedAt: intent.dispatchedAt ?? now,
        held: held && { currency: held.unit, minor: held.minor },
        subject: subjectOf(intent, agent),
      };
    });
  for (const alert of findUnknownOutcomes(doubts, now)) state.alerts.raise(changes, alert);
}

function subjectOf({ identity, provider }: Subject, agent: string): AlertSubject {
  return { ...identity, agent, provider };
}

/** A payment token is made to be used up, and how fast acts follow each other is told when one is denied. */
function capUseOf({ state, now }: Section, line: Line): CapUse | undefined {
  const { account, limit, settles } = line;
  if (limit === undefined || settles === "at-once" || account.startsWith("token/"))
    return undefined;
  const isCount = account.startsWith("count/");
  const span = spanOf(account);
  const renewals = span && state.commitments.due(span.month).get(account);
  return {
    cap: account,
    window: stretchOf(account, now),
    unit: isCount ? { count: limit.unit } : { currency: limit.unit },
    limit: limit.minor,
    committed: state.money.used(account, limit.unit),
    span: span && { ...span, renewals: renewals?.unit === limit.unit ? renewals.minor : 0n },
  };
}
