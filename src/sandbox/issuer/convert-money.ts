import type { Money } from "../../util/money.ts";

/** What a unit of a currency is worth in hundredths of a US dollar. The sandbox's own, the same for ever; all have minor units of a hundredth. */
const WORTH: ReadonlyMap<string, bigint> = new Map([
  ["USD", 100n],
  ["EUR", 110n],
  ["GBP", 125n],
]);

/** An amount in another currency, rounded up to its minor unit; undefined where there is no rate. */
export function convertMoney({ currency, minor }: Money, to: string): Money | undefined {
  if (currency === to) return { currency, minor };
  const [from, into] = [WORTH.get(currency), WORTH.get(to)];
  if (from === undefined || into === undefined) return undefined;
  return { currency: to, minor: (minor * from + into - 1n) / into };
}
