import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, editDistance } from "../../src/diagnostics/did-you-mean.ts";
import { measureCpu } from "../manifest/cpu-time.ts";

describe("didYouMean", () => {
  test.each([
    ["sorce", "source"],
    ["soruce", "source"],
    ["Source", "source"],
    ["max_price", "maxPrice"],
    ["kidn", "kind"],
  ])("%s is meant to be %s", (text, expected) => {
    expect(didYouMean(text, ["kind", "source", "maxPrice", "years"])).toBe(expected);
  });

  test.each(["colour", "x", "", "kindsourcemaxPrice"])("%s is like none of them", (text) => {
    expect(didYouMean(text, ["kind", "source", "maxPrice", "years"])).toBeUndefined();
  });

  test("takes a short time for long texts and many candidates", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `resource-${i}`);
    const time = measureCpu(() => {
      didYouMean("x".repeat(1_000_000), many);
      didYouMean("resource-none", many);
    });
    // More than ten times what it takes; who compares whole texts needs hours.
    expect(time).toBeLessThan(2_000);
  });
});

/** The definition, without bounds: exponential, for short texts only. */
function distanceByDefinition(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const swapped =
    a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
      ? distanceByDefinition(a.slice(0, -2), b.slice(0, -2)) + 1
      : Number.POSITIVE_INFINITY;
  return Math.min(
    swapped,
    distanceByDefinition(a.slice(0, -1), b) + 1,
    distanceByDefinition(a, b.slice(0, -1)) + 1,
    distanceByDefinition(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
  );
}

test("the edit distance is the one of the definition, up to its limit", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 8 }), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(limit, distanceByDefinition(a, b)));
    }),
  );
});
