import fc from "fast-check";
import {
  CURRENCY_CODES,
  currencyExponent,
  formatMoney,
  MINOR_MAX,
  parseMoney,
} from "../../src/util/money.ts";

const currency = fc.constantFrom(...CURRENCY_CODES);
const digits = fc.stringMatching(/^\d{1,15}$/);
const fraction = fc.stringMatching(/^(\.\d{1,5})?$/);

/** What "money is exact" means, each tried with as many random cases as are asked for; the seed is random unless given. */
export const MONEY_PROPERTIES: Readonly<Record<string, (cases: number, seed?: number) => void>> = {
  "every amount of every currency is read back as it was printed": (numRuns, seed) =>
    fc.assert(
      fc.property(currency, fc.bigInt(0n, MINOR_MAX), (code, minor) => {
        const text = formatMoney({ currency: code, minor });
        const money = parseMoney(text);
        return (
          money?.minor === minor &&
          money.currency === code &&
          (text.split(" ")[0]?.split(".")[1]?.length ?? 0) === currencyExponent(code)
        );
      }),
      { numRuns, ...(seed !== undefined && { seed }) },
    ),

  "a text means its decimal digits, or is refused": (numRuns, seed) =>
    fc.assert(
      fc.property(digits, fraction, currency, (whole, decimals, code) => {
        const places = currencyExponent(code) ?? Number.NaN;
        const given = Math.max(0, decimals.length - 1);
        const exact = BigInt(whole) * 10n ** BigInt(places);
        const rest = given > places ? 0n : BigInt(`0${decimals.slice(1).padEnd(places, "0")}`);
        const isReadable = given <= places && given <= 4 && exact + rest <= MINOR_MAX;
        return (
          parseMoney(`${whole}${decimals} ${code}`)?.minor ===
          (isReadable ? exact + rest : undefined)
        );
      }),
      { numRuns, ...(seed !== undefined && { seed }) },
    ),

  "no text at all makes it throw or accept another form": (numRuns, seed) => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[\d.,eE+ -]{0,12} ?[A-Za-z]{0,4}$/),
    );
    fc.assert(
      fc.property(any, (text) => {
        const money = parseMoney(text);
        return money === undefined || /^\d{1,15}(\.\d{1,4})? [A-Z]{3}$/.test(text);
      }),
      { numRuns, ...(seed !== undefined && { seed }) },
    );
  },
};
