import { expect, it } from "vitest";
import { remember } from "../../src/util/remember.ts";

it("asks once for each key, and forgets all when there are too many", () => {
  const asked: number[] = [];
  const half = remember((key: number) => {
    asked.push(key);
    return key % 2 === 0 ? key / 2 : undefined;
  }, 2);
  expect([2, 3, 2, 3].map(half)).toEqual([1, undefined, 1, undefined]);
  expect(asked).toEqual([2, 3]);
  expect([4, 2].map(half)).toEqual([2, 1]);
  expect(asked).toEqual([2, 3, 4, 2]);
});

it("keeps nothing of what throws", () => {
  let asked = 0;
  const fail = remember((key: string): string => {
    asked += 1;
    throw new RangeError(key);
  });
  expect(() => fail("a")).toThrow(RangeError);
  expect(() => fail("a")).toThrow(RangeError);
  expect(asked).toBe(2);
});
