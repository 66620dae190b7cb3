import { describe, expect, it } from "vitest";
import { currencyExponent, formatMoney, parseMoney } from "../../src/util/money.ts";
import { MONEY_PROPERTIES } from "./money-properties.ts";

/** Random cases; `SUPERCARGO_MONEY_CASES` changes it. */
const CASES = Number(process.env.SUPERCARGO_MONEY_CASES ?? "100000");

describe("money", () => {
  it("is read exactly, in minor units of its currency", () => {
    expect(parseMoney("12.00 USD")).toEqual({ currency: "USD", minor: 1200n });
    expect(parseMoney("1044 JPY")).toEqual({ currency: "JPY", minor: 1044n });
    expect(parseMoney("1.5 KWD")).toEqual({ currency: "KWD", minor: 1500n });
    expect(parseMoney("0.0001 CLF")).toEqual({ currency: "CLF", minor: 1n });
    expect(formatMoney({ currency: "KWD", minor: -5n })).toBe("-0.005 KWD");
  });

  it("reads 1.15 as 115 cents, where multiplying a binary fraction by 100 makes 114 of it", () => {
    expect(Math.trunc(1.15 * 100)).toBe(114);
    expect(parseMoney("1.15 USD")).toEqual({ currency: "USD", minor: 115n });
  });

  it.each([
    "12",
    "USD 12",
    "12.345 USD",
    "1.5 JPY",
    "1.2345 KWD",
    "-1 USD",
    "1e3 USD",
    "1,000 USD",
    " 1 USD",
    "1 USD ",
    "1 usd",
    "",
    "٣ USD",
    "1 XXX",
    "1 XAU",
    "1 ABC",
    "1 DEM",
    "1. USD",
    ".5 USD",
    "0x1 USD",
    "1 USD\n",
    "1\u00a0USD",
    "Infinity USD",
    "999999999999999.9999 CLF",
  ])("refuses %j rather than guess", (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  it("has no exponent for what is no currency, and prints no amount of it", () => {
    for (const code of ["XXX", "XAU", "XDR", "DEM", "usd", "constructor", "__proto__", ""]) {
      expect(currencyExponent(code)).toBeUndefined();
      expect(() => formatMoney({ currency: code, minor: 1n })).toThrow(RangeError);
    }
  });

  it.each(Object.entries(MONEY_PROPERTIES))("promise 5: money is exact: %s", (_, check) =>
    check(CASES),
  );
});
