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
