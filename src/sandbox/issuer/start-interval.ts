import type { RecurringInterval } from "./payment-token.ts";

/** First moment (milliseconds, UTC) of the calendar week (from Monday), month or year that holds `now`. */
export function startInterval(interval: RecurringInterval, now: number): number {
  const date = new Date(now);
  if (interval === "year") return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (interval === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const daysSinceMonday = (date.getUTCDay() + 6) % 7;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - daysSinceMonday);
}
