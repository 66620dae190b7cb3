import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePrice } from "../../src/catalog/parse-price.ts";
import { measureCpu } from "../manifest/cpu-time.ts";
import { printPrice } from "./print-price.ts";

/** Read by a person: text, what stands beside it, what may be understood. */
const BY_HAND: readonly (readonly [text: string, detail: string, expected: string])[] = [
  ["USD 28.80 / month", "", "fixed 28.80 USD a month"],
  ["$5.99/month", "", "fixed 5.99 USD a month"],
  ["$2,000.00 per month", "", "fixed 2000.00 USD a month"],
  ["$190.00 per year.", "", "fixed 190.00 USD a year"],
  ["$0.10 per GB", "$500/month minimum charge", "usage, at least 500.00 USD a month: 0.10 USD/GB"],
  ["9 EUR/mo", "", "fixed 9.00 EUR a month"],
  ["\u20ac12.50 a month", "", "fixed 12.50 EUR a month"],
  ["JPY 1,200 / month", "", "fixed 1200 JPY a month"],
  ["US$10 monthly", "", "fixed 10.00 USD a month"],
  ["$3 per week", "", "fixed 3.00 USD a week"],
  ["$19/month", "1GB RAM, 0.5 CPU", "fixed 19.00 USD a month"],
  ["Free", "", "free"],
  ["$0/month", "", "free"],
  ["$12.00 one-time", "", "one-time 12.00 USD a purchase"],
  ["One-time fee: USD 10.44", "", "one-time 10.44 USD a purchase"],
  ["$11.50 once per domain", "", "one-time 11.50 USD a domain"],

  // A fixed part and use on top of it.
  ["$20/mo + usage", "", "usage, at least 20.00 USD a month"],
  ["$5/month base + usage-based compute", "", "usage, at least 5.00 USD a month"],
  [
    "$6/month",
    "256MB RAM, $0.30/GB monthly storage",
    "usage, at least 6.00 USD a month: 0.30 USD/GB monthly storage",
  ],
  [
    "$49.00 per month",
    "use beyond that is billed as metered overages",
    "usage, at least 49.00 USD a month",
  ],
  [
    "$39.00/month, $0.50/GB storage (10GB included)",
    "",
    "usage, at least 39.00 USD a month: 0.50 USD/GB storage",
  ],
  [
    "$25/month base. Includes 50 MAU. $0.02/MAU above.",
    "",
    "usage, at least 25.00 USD a month: 0.02 USD/MAU",
  ],

  // Unit rates alone.
  ["$5 per 1,000 requests (10 results)", "", "usage: 5 USD/1,000 requests"],
  ["Search $7/1k \u00b7 Deep $12\u2013$15/1k", "", "usage: 7 USD/1k, 12 USD/1k, 15 USD/1k"],
  ["$0.000463/min/vCPU", "", "usage: 0.000463 USD/min/vCPU"],
  ["$0.50/hour", "", "usage: 0.50 USD/hour"],

  // Per seat: what it comes to depends on how many there are.
  ["$20/user/month", "", "usage: 20 USD/user/month"],
  ["$20 per seat per month", "", "usage: 20 USD/seat per month"],
  ["$20/month per user", "", "usage: 20 USD/month per user"],

  // Ranges, offers, several currencies, negatives, other notations: nobody should guess.
  ["from $5/month", "", "unknown"],
  ["Starting at $5/month", "", "unknown"],
  ["up to $5/month", "", "unknown"],
  ["$5\u2013$10/month", "", "unknown"],
  ["$5-10/month", "", "unknown"],
  ["$5 to $10 per month", "", "unknown"],
  ["~$5/month", "", "unknown"],
  ["From $6/mo + usage", "", "unknown"],
  ["-$5/month", "", "unknown"],
  ["\u2212$5/month", "", "unknown"],
  ["$-5/month", "", "unknown"],
  ["($5)/month", "", "unknown"],
  ["$5/month or \u20ac5/month", "", "unknown"],
  ["$5/month, 4 EUR/1k calls", "", "unknown"],
  ["$10 EUR/month", "", "unknown"],
  ["CA$10/month", "", "unknown"],
  ["\u00a51000/month", "", "unknown"],
  ["First month free, then $250/mo + usage-based pricing", "", "unknown"],
  ["$10/month after a 14-day trial", "", "unknown"],
  ["$10/month", "14-day trial included", "unknown"],
  ["$10/month, billed annually", "", "unknown"],
  ["$10/month", "Billed annually", "unknown"],
  ["$10/month", "Minimum of 3 seats", "unknown"],
  ["$10/month", "Renews at \u20ac20", "unknown"],
  ["Free", "then $10/month", "unknown"],
  ["$10/month until June", "", "unknown"],
  ["$10/month or $100/year", "", "unknown"],
  ["$10/month or $0.10 per call", "", "unknown"],
  ["$0.10 per call or $10/month", "", "unknown"],
  ["$10/month plus $100/year plus usage", "", "unknown"],
  ["$5/month minimum", "", "unknown"],
  ["$5\u2013$10/month plus usage", "", "unknown"],
  ["-$5/1k requests", "", "unknown"],
  ["$5/month plus usage, CA$3/GB", "", "unknown"],
  ["$5/month plus $1/month", "", "unknown"],
  ["was $20/month, now $10/month", "", "unknown"],
  ["$25/mo in credits", "", "unknown"],
  ["$10 per 3 months", "", "unknown"],
  ["$1.5k/month", "", "unknown"],
  ["$1,00/month", "", "unknown"],
  ["\u20ac1.000/month", "", "unknown"],
  ["1 000 USD/month", "", "unknown"],
  ["$5.999/month", "", "unknown"],
  ["$5/month\u202e", "", "unknown"],
  ["$5\u200b/month", "", "unknown"],
  ["$\u0665/month", "", "unknown"],
  ["50% off $10/month + usage", "", "unknown"],
  ["$10", "", "unknown"],
  ["paid", "", "unknown"],
  ["Usage-based pricing", "", "unknown"],
  ["", "", "unknown"],
];

describe("a price text is understood wholly or not at all", () => {
  for (const [text, detail, expected] of BY_HAND) {
    it(`${JSON.stringify(text)}${detail && ` with ${JSON.stringify(detail)}`} is ${expected}`, () => {
      expect(printPrice(parsePrice(text, detail))).toBe(expected);
    });
  }
});

const INTERVALS = ["month", "mo", "year", "yr", "week", "day"] as const;
const amount = fc
  .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 99 }))
  .map(([whole, cents]) => ({
    minor: BigInt(whole) * 100n + BigInt(cents),
    plain: `${whole}.${String(cents).padStart(2, "0")}`,
    grouped: `${whole.toLocaleString("en-US")}.${String(cents).padStart(2, "0")}`,
  }));
const SPACES = [" ", "\u00a0", "\u2009", "\u202f", "\u3000", "\t", "  "];
const word = fc.constantFrom(
  ..."from up to then plus and or per month year free trial first usage base $ 5 10.00 USD EUR \u20ac / - ( ) . , GB user seat minimum 1,000 billed annually".split(
    " ",
  ),
);

describe("properties", () => {
  it("an amount keeps every minor unit, with and without thousands separators", () => {
    fc.assert(
      fc.property(
        amount,
        fc.constantFrom(...INTERVALS),
        fc.boolean(),
        (value, interval, grouped) => {
          const text = `$${grouped ? value.grouped : value.plain}/${interval}`;
          expect(parsePrice(text)).toMatchObject({
            kind: "fixed",
            amount: { currency: "USD", minor: value.minor },
          });
        },
      ),
    );
  });

  it("any kind of space is a space", () => {
    fc.assert(
      fc.property(amount, fc.constantFrom(...SPACES), fc.constantFrom(...SPACES), (value, a, b) => {
        expect(parsePrice(`USD${a}${value.plain}${b}/${a}month${b}`)).toMatchObject({
          kind: "fixed",
          amount: { minor: value.minor },
        });
      }),
    );
  });

  it("prose is fixed only when it is nothing but an amount, a currency and an interval", () => {
    const prose = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
      fc.array(word, { maxLength: 8 }).map((words) => words.join("")),
    );
    fc.assert(
      fc.property(prose, (text) => {
        const price = parsePrice(text);
        if (price.kind !== "fixed" && price.kind !== "one-time") return;
        expect(text).toMatch(/\d/u);
        expect(text).toMatch(/[$\u20ac\u00a3]|[A-Z]{3}/u);
        expect(text).toMatch(/month|mo|year|yr|week|wk|day|annum|annual|one|once/iu);
        expect(text).not.toMatch(/from|up to|then|trial|first|usage|seat|user|-\s*\d/iu);
      }),
      { numRuns: 5000 },
    );
  });

  it("words around a fixed price never leave it fixed", () => {
    const phrase = fc.constantFrom(
      "from",
      "up to",
      "starting at",
      "about",
      "was",
      "per seat",
      "per user",
      "for the first year",
      "plus usage",
      "trial",
      "in credits",
      "or less",
    );
    fc.assert(
      fc.property(amount, phrase, fc.boolean(), (value, words, before) => {
        const price = `$${value.plain}/month`;
        expect(parsePrice(before ? `${words} ${price}` : `${price} ${words}`).kind).not.toBe(
          "fixed",
        );
      }),
    );
  });

  it("takes no longer than its length for hostile texts", () => {
    const time = measureCpu(() => {
      for (const unit of ["1,111", "$1/", "$1-", " per ", "(", "1 ", "$1/month "])
        parsePrice(unit.repeat(Math.floor(2000 / unit.length)));
    });
    // Twenty times what it takes; where it grows with a power of the length it takes minutes.
    expect(time).toBeLessThan(1_000);
    expect(parsePrice(`$5/month${" ".repeat(3000)}`).kind).toBe("unknown");
  });
});
