import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteString } from "../../src/compiler/4-emit/quote-string.ts";

test.each([
  ["", '""'],
  ["plain", '"plain"'],
  ['say "hi"', String.raw`"say \"hi\""`],
  ["a\\b", String.raw`"a\\b"`],
  ["a `b` */ // </script>", '"a `b` */ // </script>"'],
  ["line\nbreak\u2028\u2029", String.raw`"line\nbreak\u2028\u2029"`],
  ["\u0000\u007f\u00a0\ufeff", String.raw`"\u0000\u007f\u00a0\ufeff"`],
  ["\u202eright-to-left", String.raw`"\u202eright-to-left"`],
  ["\u{1f6d2}", String.raw`"\ud83d\uded2"`],
  ["lone \ud800", String.raw`"lone \ud800"`],
])("%j is printed as an inert literal", (text, expected) => {
  expect(quoteString(text)).toBe(expected);
});

test("every text comes back when the literal is evaluated, from printable ASCII alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      const literal = quoteString(text);
      expect(literal).toMatch(/^"[\x20-\x7e]*"$/);
      expect(new Function(`"use strict"; return ${literal};`)()).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
