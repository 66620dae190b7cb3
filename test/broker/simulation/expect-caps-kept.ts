import { availableParallelism } from "node:os";
import { expect } from "vitest";
import { noteFigure } from "../../promises/note-figure.ts";
import { simulateSeeds } from "./simulate-seeds.ts";

const OPERATIONS = 200;

/** Simulates the ledger from each of the seeds on, two threads at most, and expects no finding. */
export async function expectCapsKept(
  task: Parameters<typeof noteFigure>[0],
  first: number,
  count: number,
): Promise<void> {
  const start = performance.now();
  const threads = Math.min(2, availableParallelism());
  const report = await simulateSeeds({ first, count, operations: OPERATIONS }, threads);
  expect(report.failed).toEqual([]);
  expect(report.seeds).toBe(count);
  const rate = Math.round((count * OPERATIONS * 1000) / (performance.now() - start));
  const { sales, denials, deaths } = report;
  const detail = `${sales} sales, ${denials} denials, ${deaths} deaths, ${rate} operations a second`;
  noteFigure(task, `0 minor units over in ${count} seeds x ${OPERATIONS} operations (${detail})`);
}
