import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Price } from "../../src/catalog/catalog.ts";
import { coversPrice } from "../../src/catalog/covers-price.ts";
import { parsePrice } from "../../src/catalog/parse-price.ts";

const covers = (agreed: string, asked: string) =>
  coversPrice(parsePrice(agreed), parsePrice(asked));

describe("what was agreed to covers what is asked", () => {
  test.each([
    ["USD 5.00 / month", "USD 5.00 / month"],
    ["USD 5.00 / month", "$4.99 per month"],
    ["USD 5.00 / month", "Free"],
    ["$0.015 / GB-month", "$0.015 / GB-month"],
    ["$0.015 / GB-month", "$0.01 / GB-month"],
  ])("%s covers %s", (agreed, asked) => {
    expect(covers(agreed, asked)).toBe(true);
  });

  test.each([
    ["USD 5.00 / month", "USD 5.01 / month"],
    ["USD 5.00 / month", "EUR 5.00 / month"],
    // Paid at once, it is more than a month of the other.
    ["USD 5.00 / month", "USD 50.00 / year"],
    ["USD 5.00 / month", "USD 5.00 / week"],
    ["USD 5.00 / month", "$0.01 / GB-month"],
    ["USD 5.00 / month", "ask us"],
    ["Free", "USD 0.01 / month"],
    ["Free", "ask us"],
    ["ask us", "ask us"],
    ["$0.015 / GB-month", "$0.02 / GB-month"],
    ["$0.015 / GB-month", "$0.015 / GB-hour"],
    ["$0.015 / GB-month", "USD 5.00 / month"],
  ])("%s does not cover %s", (agreed, asked) => {
    expect(covers(agreed, asked)).toBe(false);
  });

  test("of two rates for one unit nobody knows which is which, so neither covers one nor is covered", () => {
    const rate = (amount: string) => ({ amount, currency: "USD", unit: "million requests" });
    const once: Price = { kind: "usage", rates: [rate("4.50")] };
    const twice: Price = { kind: "usage", rates: [rate("4.50"), rate("0.36")] };
    expect(coversPrice(twice, once)).toBe(false);
    expect(coversPrice(once, twice)).toBe(false);
    expect(coversPrice(twice, twice)).toBe(false);
    expect(coversPrice(once, once)).toBe(true);
  });

  test("a new rate beside the known ones is not covered", () => {
    const rate = (unit: string, amount: string) => ({ amount, currency: "USD", unit });
    const agreed: Price = { kind: "usage", rates: [rate("GB-month", "0.015")] };
    const asked: Price = { kind: "usage", rates: [...agreed.rates, rate("request", "0.0001")] };
    expect(coversPrice(agreed, asked)).toBe(false);
    expect(coversPrice(asked, agreed)).toBe(true);
  });
});

const money = fc.record({
  currency: fc.constantFrom("USD", "EUR"),
  minor: fc.bigInt({ min: 1n, max: 100_000n }),
});
const interval = fc.constantFrom("month", "year", "week", "day");
const price: fc.Arbitrary<Price> = fc.oneof(
  fc.constant<Price>({ kind: "free" }),
  fc.record({ kind: fc.constant("fixed"), amount: money, interval }),
  fc.record({
    kind: fc.constant("one-time"),
    amount: money,
    per: fc.constantFrom("order", "seat"),
  }),
);

test("it is a partial order: each known price covers itself, and what covers a third one by way of another covers it", () => {
  fc.assert(
    fc.property(price, price, price, (a, b, c) => {
      expect(coversPrice(a, a)).toBe(true);
      if (coversPrice(a, b) && coversPrice(b, c)) expect(coversPrice(a, c)).toBe(true);
    }),
  );
});
