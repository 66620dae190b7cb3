import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { expectReadmeTable } from "../support/expect-readme-table.ts";
import { readLongFigures } from "./promise-reporter.ts";
import { PROMISES } from "./promises.ts";

const TESTS = join(import.meta.dirname, "..");

/** Promise number -> the files whose tests name it, relative to the repository. */
function findTests(): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const path of readdirSync(TESTS, { recursive: true, encoding: "utf8" }).sort()) {
    // A suite that several files call holds their tests.
    if (!/(?:\.test|-suite)\.ts$/.test(path)) continue;
    const text = readFileSync(join(TESTS, path), "utf8");
    const title = /\b(?:describe|it|test)(?:\.each)?\([\s\S]{0,80}?["'`]promise (\d+):/g;
    for (const number of new Set([...text.matchAll(title)].map((match) => Number(match[1])))) {
      const file = relative(join(TESTS, ".."), join(TESTS, path));
      found.set(number, [...(found.get(number) ?? []), file]);
    }
  }
  return found;
}

function renderTable(): string {
  const tests = findTests();
  const figures = readLongFigures();
  const rows = PROMISES.map(({ number, promise, mechanism }) => {
    const files = (tests.get(number) ?? []).map((file) => `\`${file}\``).join(", ");
    const last = figures[String(number)];
    const figure = last === undefined ? "" : `${last.figure} (${last.date})`;
    return `| ${number} | ${promise} | ${mechanism} | ${files} | ${figure} |`;
  });
  return [
    "| # | promise | how it is kept | tests that fail without it | last nightly figure |",
    "| - | - | - | - | - |",
    ...rows,
  ].join("\n");
}

describe("promises", () => {
  test.each(PROMISES)("$number has a test that names it", ({ number }) => {
    expect(findTests().get(number) ?? []).not.toEqual([]);
  });

  test("no test names a promise that was not made", () => {
    const made = new Set(PROMISES.map(({ number }) => number));
    expect([...findTests().keys()].filter((number) => !made.has(number))).toEqual([]);
  });

  test("the README's table is the one of this list", () => {
    expectReadmeTable("promises", renderTable());
  });
});
