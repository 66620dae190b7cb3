import { formatMoney, type Money } from "../util/money.ts";
import type { AlertSubject } from "./alert.ts";

/** What a cap counts. */
export type CapUnit = { readonly currency: string } | { readonly count: string };

/** A calendar window. Times are milliseconds since the epoch. */
export interface CapSpan {
  readonly start: number;
  readonly end: number;
  /** Of what is committed: renewals of this window, which come once and set no pace. In the cap's unit. */
  readonly renewals: bigint;
}

/** A cap as it stands with a reservation on it. */
export interface CapUse {
  /** Account in the ledger, `provider/cloudflare/2026-11`. */
  readonly cap: string;
  /** What it runs over: a month `2026-11`, a run, a stretch of a rolling window, `all`. */
  readonly window: string;
  readonly unit: CapUnit;
  /** Minor units of the currency, or how many. */
  readonly limit: bigint;
  /** Held, spent and unknown together, the new reservation included. */
  readonly committed: bigint;
  /** Only caps with a calendar window have a forecast. */
  readonly span?: CapSpan | undefined;
}

/** One reservation, as the section sees it that makes it. */
export interface Reservation {
  /** Milliseconds since the epoch, by the ledger's clock. */
  readonly at: number;
  readonly subject: AlertSubject & { readonly provider: string };
  /** Absent for an act that costs nothing. */
  readonly spend?: { readonly amount: Money; readonly categories: readonly string[] } | undefined;
  /** Every cap and count that it holds on. */
  readonly caps: readonly CapUse[];
}

/** `90.00 USD`, `2 domains`. */
export function showAmount(value: bigint, unit: CapUnit): string {
  return "currency" in unit
    ? formatMoney({ currency: unit.currency, minor: value })
    : `${value} ${unit.count}`;
}
