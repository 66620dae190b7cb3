import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { PROMISES } from "./promises.ts";

/** Figures of the last `npm run test:long`, by promise; part of the README's table. */
export const LONG_FIGURES = join(import.meta.dirname, "long-figures.json");

export type LongFigures = Readonly<
  Record<string, { readonly figure: string; readonly date: string }>
>;

export function readLongFigures(): LongFigures {
  return JSON.parse(readFileSync(LONG_FIGURES, "utf8")) as LongFigures;
}

interface Tally {
  passed: number;
  failed: number;
  readonly figures: string[];
}

/** Prints the promise table after a run: each promise with its tests and figures. A long run also keeps its figures for the README. */
export default class PromiseReporter implements Reporter {
  #isLong = false;

  onInit(vitest: Vitest): void {
    this.#isLong = vitest.config.mode === "long";
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tallies = new Map<number, Tally>();
    for (const module of modules)
      for (const test of module.children.allTests()) countTest(tallies, test);
    if (tallies.size === 0) return;
    process.stdout.write(`\n${renderTallies(tallies)}\n`);
    if (this.#isLong) keepFigures(tallies);
  }
}

function countTest(tallies: Map<number, Tally>, test: TestCase): void {
  const { state } = test.result();
  for (const match of test.fullName.matchAll(/promise (\d+):/g)) {
    const number = Number(match[1]);
    const tally = tallies.get(number) ?? { passed: 0, failed: 0, figures: [] };
    tallies.set(number, tally);
    if (state === "passed") tally.passed += 1;
    else if (state === "failed") tally.failed += 1;
    const { figure } = test.meta();
    if (figure !== undefined) tally.figures.push(figure);
  }
}

function renderTallies(tallies: ReadonlyMap<number, Tally>): string {
  const rows = PROMISES.flatMap(({ number, promise }) => {
    const tally = tallies.get(number);
    if (tally === undefined) return [];
    const { passed, failed, figures } = tally;
    const tests = failed === 0 ? `ok, ${passed} tests` : `BROKEN, ${failed} of ${passed + failed}`;
    return [[String(number).padStart(2), promise, tests, figures.join("; ")] as const];
  });
  const width = (column: 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([number, promise, tests, figure]) =>
    `${number}  ${promise.padEnd(width(1))}  ${tests.padEnd(width(2))}  ${figure}`.trimEnd(),
  );
  return ["Promises", ...lines].join("\n");
}

function keepFigures(tallies: ReadonlyMap<number, Tally>): void {
  const date = new Date().toISOString().slice(0, 10);
  const kept: Record<string, LongFigures[string]> = { ...readLongFigures() };
  for (const [number, { failed, figures }] of tallies) {
    // What an earlier run reached says nothing of a promise that is broken now.
    if (failed > 0) delete kept[String(number)];
    else if (figures.length > 0) kept[String(number)] = { figure: figures.join("; "), date };
  }
  writeFileSync(LONG_FIGURES, `${JSON.stringify(kept, undefined, 2)}\n`);
}
