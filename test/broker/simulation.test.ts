import { describe, expect, it } from "vitest";
import { expectCapsKept } from "./simulation/expect-caps-kept.ts";
import { type SimulationReport, simulateLedger } from "./simulation/simulate-ledger.ts";

/** The first seed; `SUPERCARGO_SEED` and `SUPERCARGO_SEEDS=1` replay one that failed. */
const FIRST = Number(process.env.SUPERCARGO_SEED ?? "1");
const SEEDS = Number(process.env.SUPERCARGO_SEEDS ?? "1000");

describe("promise 1: no cap is ever exceeded: the simulation of the ledger", () => {
  it(`finds nothing in ${SEEDS} seeds from ${FIRST} on`, { timeout: 600_000 }, ({ task }) =>
    expectCapsKept(task, FIRST, SEEDS),
  );

  it("reaches sales, denials and deaths, and replays a seed byte for byte", async () => {
    const reports: SimulationReport[] = [];
    for (let seed = FIRST; seed < FIRST + 10; seed++) reports.push(await simulateLedger(seed, 200));
    const again: SimulationReport[] = [];
    for (let seed = FIRST; seed < FIRST + 10; seed++) again.push(await simulateLedger(seed, 200));
    expect(again).toEqual(reports);
    const sum = (name: "sales" | "denials" | "deaths") =>
      reports.reduce((total, report) => total + report[name], 0);
    for (const name of ["sales", "denials", "deaths"] as const)
      expect(sum(name), name).toBeGreaterThan(5);
  });
});
