import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson, type Json } from "../../src/util/canonical-json.ts";

it("gives equal bytes for objects that differ only in the order of their keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      expect(canonicalJson(reversed as Json)).toBe(canonicalJson(object as Json));
      expect(JSON.parse(canonicalJson(object as Json))).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});

it.each([
  ['{"2":1,"10":2,"a":3}', '{"10":2,"2":1,"a":3}'],
  ['{"b":{"__proto__":1,"a":[{"1":2,"0a":3}]}}', '{"b":{"__proto__":1,"a":[{"0a":3,"1":2}]}}'],
  ['{"toJSON":1,"A":{}}', '{"A":{},"toJSON":1}'],
])("sorts %s by code unit, whatever an object makes of its keys", (text, sorted) => {
  expect(canonicalJson(JSON.parse(text) as Json)).toBe(sorted);
});
