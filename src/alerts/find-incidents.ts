import { formatMoney, type Money } from "../util/money.ts";
import {
  type AlertSubject,
  type DenialBurstAlert,
  identifyAlert,
  type UnknownOutcomeAlert,
} from "./alert.ts";

/** How many denials in how many minutes are a burst. */
export interface BurstRule {
  readonly count: number;
  readonly minutes: number;
}

/**
 * The alert for a burst of denials, or undefined. `denials` are the times of the scope's denials, milliseconds since the epoch, in any order, the
 * one at `at` included; only those of the last minutes count. A burst that goes on is told once in each such stretch of time.
 */
export function findDenialBurst(
  {
    scope,
    denials,
    at,
    subject,
  }: {
    readonly scope: string;
    readonly denials: readonly number[];
    readonly at: number;
    readonly subject: AlertSubject;
  },
  rule: BurstRule,
): DenialBurstAlert | undefined {
  const stretch = rule.minutes * 60_000;
  const count = denials.filter((time) => time > at - stretch && time <= at).length;
  if (count < rule.count) return undefined;
  return {
    kind: "denial-burst",
    id: identifyAlert("denial-burst", [scope, String(stretch), String(Math.floor(at / stretch))]),
    severity: "warning",
    blocks: false,
    at: new Date(at).toISOString(),
    subject,
    scope,
    count,
    minutes: rule.minutes,
  };
}

/** An outcome that is unknown for longer than this, in milliseconds, is told. */
export const UNKNOWN_TOLD_AFTER = 5 * 60_000;

/** An act that may have been sent and has no answer. Times are milliseconds since the epoch. */
export interface OpenDoubt {
  readonly intent: string;
  readonly dispatchedAt: number;
  readonly held: Money | undefined;
  readonly subject: AlertSubject;
}

/** The alerts for acts whose outcome has been unknown for more than five minutes; each act is told once. */
export function findUnknownOutcomes(
  doubts: readonly OpenDoubt[],
  at: number,
): readonly UnknownOutcomeAlert[] {
  return doubts
    .filter(({ dispatchedAt }) => at - dispatchedAt > UNKNOWN_TOLD_AFTER)
    .map(({ intent, dispatchedAt, held, subject }) => ({
      kind: "unknown-outcome",
      id: identifyAlert("unknown-outcome", [intent]),
      severity: "critical",
      blocks: false,
      at: new Date(at).toISOString(),
      subject,
      intent,
      since: new Date(dispatchedAt).toISOString(),
      held: held === undefined ? "nothing" : formatMoney(held),
    }));
}
