import type { Money } from "../util/money.ts";
import type { Price } from "./catalog.ts";

export type Interval = Extract<Price, { readonly kind: "fixed" }>["interval"];

/** An amount that is due every so often. */
export interface Recurring {
  readonly amount: Money;
  readonly interval: Interval;
}

/** The most charges that one calendar month holds. */
const PER_MONTH = { day: 31n, week: 5n, month: 1n, year: 1n } as const;
/** The most charges that any twelve months hold. */
const PER_YEAR = { day: 366n, week: 53n, month: 12n, year: 1n } as const;

/** The most that is due in a calendar month in which it is due at all. */
export function monthlyMost({ amount, interval }: Recurring): Money {
  return { currency: amount.currency, minor: amount.minor * PER_MONTH[interval] };
}

/** The most that is due in twelve months: the run rate. */
export function yearlyMost({ amount, interval }: Recurring): Money {
  return { currency: amount.currency, minor: amount.minor * PER_YEAR[interval] };
}

/** What comes again by itself once the service is there; undefined for what is paid once or by use. */
export function recurringPart(price: Price): Recurring | undefined {
  switch (price.kind) {
    case "fixed":
      return { amount: price.amount, interval: price.interval };
    case "usage":
      return price.minimum;
    default:
      return undefined;
  }
}
