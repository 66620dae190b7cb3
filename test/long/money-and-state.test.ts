import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  expectForeignCodeFound,
  expectTampersRefused,
  makeStatePlace,
} from "../deploy/tamper-state.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { MONEY_PROPERTIES } from "../util/money-properties.ts";

const SEED = Number(process.env.SUPERCARGO_SEED ?? Math.floor(Math.random() * 1_000_000));
const MONEY_CASES = 1_000_000;
const TAMPERS = 100_000;

describe("promise 5: money is exact", () => {
  test.each(Object.entries(MONEY_PROPERTIES))(
    `%s, in ${MONEY_CASES} cases, seed ${SEED}`,
    (_, check) => check(MONEY_CASES, SEED),
  );

  test("in all of them", ({ task }) => {
    const properties = Object.keys(MONEY_PROPERTIES).length;
    expect(properties).toBe(3);
    noteFigure(task, `0 mismatches in ${properties} properties x ${MONEY_CASES} cases`);
  });
});

test(`promise 16: every tamper with the state is refused, seed ${SEED}`, ({ task }) => {
  const place = makeStatePlace();
  try {
    expectTampersRefused(place, TAMPERS, SEED);
    expectForeignCodeFound(place, TAMPERS / 10, SEED);
    noteFigure(task, `0 of ${TAMPERS + TAMPERS / 10} tampers passed`);
  } finally {
    rmSync(place.root, { recursive: true, force: true });
  }
});
