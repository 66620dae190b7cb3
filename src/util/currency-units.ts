import { currencyExponent, MINOR_MAX, type Money } from "./money.ts";

/** Decimal places in which somebody writes amounts of some currencies, and what each amount must be a multiple of. */
export interface CurrencyUnitRow {
  readonly exponent: number;
  /** In those units, default 1. */
  readonly step?: number | undefined;
  /** Codes of ISO 4217 with blanks between them. */
  readonly currencies: string;
}

/** How somebody else's API counts money, which need not be how ISO 4217 does. */
export interface CurrencyUnits {
  /**
   * The same amount in their units. Refused with `currency_unsupported` where nothing says how they count the currency, and with `amount_unsupported` where
   * the amount can't be said exactly, or is more than {@link MINOR_MAX} of their units, which could not be read back: nothing is guessed and nothing rounded.
   */
  toUnits(money: Money): UnitsAnswer;
  /** An amount of theirs, at least zero, in ours; rounded up, so that what was taken is never understated. Undefined for a currency they don't list. */
  fromUnits(currency: string, units: bigint): Money | undefined;
}

export type UnitsAnswer =
  | { readonly kind: "units"; readonly units: bigint }
  | {
      readonly kind: "refused";
      readonly code: "currency_unsupported" | "amount_unsupported";
    };

/** Makes the two conversions of one table; a currency stands in at most one of its rows. */
export function createCurrencyUnits(rows: readonly CurrencyUnitRow[]): CurrencyUnits {
  const table = new Map(
    rows.flatMap(({ exponent, step = 1, currencies }) =>
      currencies
        .split(/\s+/)
        .map((currency) => [currency, { scale: 10n ** BigInt(exponent), step: BigInt(step) }]),
    ),
  ) as ReadonlyMap<string, { readonly scale: bigint; readonly step: bigint }>;
  /** Of our minor units. */
  const scaleOf = (currency: string): bigint | undefined => {
    const exponent = currencyExponent(currency);
    return exponent === undefined ? undefined : 10n ** BigInt(exponent);
  };

  return {
    toUnits({ currency, minor }) {
      const unit = table.get(currency);
      const ours = scaleOf(currency);
      if (unit === undefined || ours === undefined)
        return { kind: "refused", code: "currency_unsupported" };
      const product = minor * unit.scale;
      return product % (ours * unit.step) === 0n && product / ours <= MINOR_MAX
        ? { kind: "units", units: product / ours }
        : { kind: "refused", code: "amount_unsupported" };
    },

    fromUnits(currency, units) {
      const unit = table.get(currency);
      const ours = scaleOf(currency);
      if (unit === undefined || ours === undefined) return undefined;
      return { currency, minor: (units * ours + unit.scale - 1n) / unit.scale };
    },
  };
}
