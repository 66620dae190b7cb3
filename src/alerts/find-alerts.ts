import { formatMoney } from "../util/money.ts";
import { remember } from "../util/remember.ts";
import { type Alert, type AlertSeverity, identifyAlert, type ThresholdAlert } from "./alert.ts";
import { findForecastAlert } from "./find-forecast-alert.ts";
import { type CapUse, type Reservation, showAmount } from "./reservation.ts";

/** When people are told. */
export interface AlertRules {
  /** Per cent of a cap. */
  readonly thresholds: readonly number[];
  /** From this per cent on an alert blocks; it is a threshold, too, whether listed or not. */
  readonly blockFrom: number;
}

/**
 * Everything that is to be told with a reservation: all that holds after it, in the same ids as before. The outbox keeps the first of each id, so
 * an alert is new exactly once; one that an older ledger, a crash or a lowered cap left out is made up for by the next reservation. The id of a
 * threshold holds the limit: under another limit the same per cent is another fact.
 */
export function findAlerts(reservation: Reservation, rules: AlertRules): readonly Alert[] {
  const percents = [...new Set([...rules.thresholds, rules.blockFrom])].sort((a, b) => a - b);
  const alerts: Alert[] = [];
  for (const use of reservation.caps)
    alerts.push(...findThresholdAlerts(use, reservation, percents, rules.blockFrom));
  alerts.push(...findFirstSpends(reservation));
  for (const use of reservation.caps) {
    const alert = findForecastAlert(use, reservation);
    if (alert !== undefined) alerts.push(alert);
  }
  return alerts;
}

function findThresholdAlerts(
  use: CapUse,
  { at, subject }: Reservation,
  percents: readonly number[],
  blockFrom: number,
): readonly ThresholdAlert[] {
  const { cap, window, limit, committed, unit } = use;
  const isReached = (percent: number): boolean => committed * 100n >= limit * BigInt(percent);
  if (committed <= 0n || !isReached(percents[0] ?? Number.NaN)) return [];
  return percents.filter(isReached).map((threshold) => ({
    kind: "threshold",
    id: identifyAlert("threshold", [cap, window, showAmount(limit, unit), String(threshold)]),
    severity: rateThreshold(threshold, blockFrom),
    blocks: threshold >= blockFrom,
    at: new Date(at).toISOString(),
    subject,
    cap,
    window,
    threshold,
    share: limit === 0n ? 100 : Number((committed * 100n) / limit),
    limit: showAmount(limit, unit),
    committed: showAmount(committed, unit),
  }));
}

function rateThreshold(threshold: number, blockFrom: number): AlertSeverity {
  if (threshold >= blockFrom) return "critical";
  return threshold >= 80 ? "warning" : "info";
}

/** Every purchase asks for them, and there are few. */
const identifyFirstSpend = {
  category: remember((name: string) => identifyAlert("first-spend", ["category", name])),
  provider: remember((name: string) => identifyAlert("first-spend", ["provider", name])),
} as const;

function findFirstSpends({ at, subject, spend }: Reservation): readonly Alert[] {
  if (spend === undefined || spend.amount.minor <= 0n) return [];
  const amount = formatMoney(spend.amount);
  const names = [
    ...[...new Set(spend.categories)].map((name) => ["category", name] as const),
    ["provider", subject.provider] as const,
  ];
  return names.map(([of, name]) => ({
    kind: "first-spend",
    id: identifyFirstSpend[of](name),
    severity: "info",
    blocks: false,
    at: new Date(at).toISOString(),
    subject,
    of,
    name,
    amount,
  }));
}
