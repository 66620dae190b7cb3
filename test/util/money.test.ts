import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currencyExponent, formatMoney, parseMoney } from "../../src/util/money.ts";

describe("money", () => {
  it("is read exactly, in minor units of its currency", () => {
    expect(parseMoney("12.00 USD")).toEqual({ currency: "USD", minor: 1200n });
    expect(parseMoney("1.15 USD")).toEqual({ currency: "USD", minor: 115n });
    expect(parseMoney("1044 JPY")).toEqual({ currency: "JPY", minor: 1044n });
    expect(parseMoney("1.5 KWD")).toEqual({ currency: "KWD", minor: 1500n });
  });

  it.each([
    "12",
    "USD 12",
    "12.345 USD",
    "1.5 JPY",
    "-1 USD",
    "1e3 USD",
    "1,000 USD",
    " 1 USD",
    "1 USD ",
    "1 usd",
    "",
    "٣ USD",
  ])("refuses %j rather than guess", (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  it("prints what it reads, for every amount and currency", () => {
    const currency = fc.constantFrom("USD", "EUR", "JPY", "KWD", "CLF", "SEK");
    fc.assert(
      fc.property(currency, fc.bigInt(0n, 10n ** 15n), (code, minor) => {
        const money = { currency: code, minor };
        expect(parseMoney(formatMoney(money))).toEqual(money);
        expect(formatMoney(money).split(" ")[0]?.split(".")[1]?.length ?? 0).toBe(
          currencyExponent(code),
        );
      }),
    );
  });
});
