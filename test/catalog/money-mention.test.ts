import fc from "fast-check";
import { expect, it } from "vitest";
import { findMoneyMentions } from "../../src/catalog/money-mention.ts";

const PIECES = [
  "$",
  "US$",
  "5",
  "1,000",
  "0.50",
  ".",
  ",",
  " ",
  "EUR",
  "USD",
  "k",
  "%",
  "-",
  "/mo",
];

it("finds in plain ASCII what it finds in a text with other letters", () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 });
  const text = fc.oneof(
    pieces.map((list) => list.join("")),
    fc.string({ maxLength: 40 }),
  );
  fc.assert(
    fc.property(text, (ascii) => {
      expect(findMoneyMentions(ascii)).toEqual(findMoneyMentions(`${ascii} \u2014 caf\u00e9`));
    }),
    { numRuns: 2_000 },
  );
});
