import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesCron, parseCron } from "../../../src/sandbox/data-plane/cron-expression.ts";

const at = (text: string) => Date.parse(`${text}:00Z`);
const fires = (cron: string, moment: string) => {
  const expression = parseCron(cron);
  return expression !== undefined && matchesCron(expression, at(moment));
};

describe("a cron expression", () => {
  it.each([
    ["* * * * *", "2026-11-24T10:07", true],
    ["*/5 * * * *", "2026-11-24T10:05", true],
    ["*/5 * * * *", "2026-11-24T10:06", false],
    ["0 3 * * *", "2026-11-24T03:00", true],
    ["0 3 * * *", "2026-11-24T04:00", false],
    ["10,20 7 * * mon-fri", "2026-11-24T07:20", true],
    ["10,20 7 * * MON-FRI", "2026-11-22T07:20", false],
    ["0 17 * * 1", "2026-11-22T17:00", true],
    ["0 17 * * sun", "2026-11-22T17:00", true],
    ["0 0 L * *", "2026-11-30T00:00", true],
    ["0 0 L * *", "2026-11-29T00:00", false],
    ["0 0 1 JAN *", "2027-01-01T00:00", true],
    ["0 0 13 * FRI", "2026-11-13T00:00", true],
    ["0 0 13 * FRI", "2026-11-27T00:00", true],
  ])("%s at %s: %s", (cron, moment, expected) => {
    expect(fires(cron, moment)).toBe(expected);
  });

  it.each([
    "",
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * * 0",
    "* * * * 8",
    "5-1 * * * *",
    "a * * * *",
    "*/0 * * * *",
    "1/2/3 * * * *",
  ])("%s is none", (cron) => {
    expect(parseCron(cron)).toBeUndefined();
  });

  it("of one minute and one hour fires once a day, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        (minute, hour) => {
          const expression = parseCron(`${minute} ${hour} * * *`);
          const start = at("2026-11-24T00:00");
          const fired = Array.from({ length: 1440 }, (_, index) => start + index * 60_000).filter(
            (moment) => expression !== undefined && matchesCron(expression, moment),
          );
          expect(fired).toEqual([start + (hour * 60 + minute) * 60_000]);
        },
      ),
      { numRuns: 20 },
    );
  });
});
