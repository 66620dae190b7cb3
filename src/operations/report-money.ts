import type { BrokerSummary } from "../broker/summary.ts";
import type { Limits } from "../compiler/2-model/model.ts";
import { formatMoney } from "../util/money.ts";

/** Money of the present month, as text. */
export interface MoneyReport {
  /** `2026-11` (UTC). */
  readonly month: string;
  readonly spent: string;
  /** Set aside for acts that are not settled yet. */
  readonly held: string;
  readonly limit: string;
  readonly left: string;
}

/** Sums up a month from the ledger's summary; without a ledger nothing was spent. */
export function reportMoney(
  summary: BrokerSummary | undefined,
  limits: Limits,
  now: Date,
): MoneyReport {
  const month = summary?.month ?? now.toISOString().slice(0, 7);
  const line = summary?.caps.find(({ cap }) => cap === `total/${month}`);
  const nothing = formatMoney({ currency: limits.total.currency, minor: 0n });
  const limit = formatMoney(limits.total);
  return {
    month,
    spent: line?.spent ?? nothing,
    held: line?.held ?? nothing,
    limit: line?.limit ?? limit,
    left: line?.left ?? limit,
  };
}
