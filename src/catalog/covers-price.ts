import type { Price } from "./catalog.ts";
import { type Recurring, yearlyMost } from "./recurrence.ts";

type Rate = Extract<Price, { readonly kind: "usage" }>["rates"][number];
type Minimum = Recurring | undefined;

/**
 * Whether who agreed to the first price pays no more under the second one, whatever is used. It never guesses: what cannot be compared, such as another unit or an
 * amount a year for one a month, is not covered.
 */
export function coversPrice(agreed: Price, asked: Price): boolean {
  if (asked.kind === "free") return true;
  switch (agreed.kind) {
    case "fixed":
      return asked.kind === "fixed" && coversMinimum(agreed, asked);
    case "one-time":
      return (
        asked.kind === "one-time" &&
        asked.per === agreed.per &&
        asked.amount.currency === agreed.amount.currency &&
        asked.amount.minor <= agreed.amount.minor
      );
    case "usage":
      if (asked.kind === "fixed") return coversMinimum(agreed.minimum, asked);
      return (
        asked.kind === "usage" &&
        coversMinimum(agreed.minimum, asked.minimum) &&
        (asked.rates.length > 0 || agreed.rates.length === 0) &&
        asked.rates.every((rate) => coversRate(agreed.rates, asked.rates, rate))
      );
    default:
      return false;
  }
}

/** The same interval, since a year that is paid at once is more than its first month. */
function coversMinimum(agreed: Minimum, asked: Minimum): boolean {
  if (asked === undefined) return true;
  return (
    agreed !== undefined &&
    agreed.interval === asked.interval &&
    agreed.amount.currency === asked.amount.currency &&
    yearlyMost(asked).minor <= yearlyMost(agreed).minor
  );
}

/** Which of two rates for the same unit is for what stands in words that are not read, so each may stand there once. */
function coversRate(agreed: readonly Rate[], asked: readonly Rate[], rate: Rate): boolean {
  const isAlike = ({ unit }: Rate): boolean => unit === rate.unit;
  const [own, ...more] = agreed.filter(isAlike);
  return (
    own !== undefined &&
    more.length === 0 &&
    asked.filter(isAlike).length === 1 &&
    own.currency === rate.currency &&
    Number(rate.amount) <= Number(own.amount)
  );
}
