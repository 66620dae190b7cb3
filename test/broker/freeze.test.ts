import { describe, it } from "vitest";
import { expectFreezes, expectRevocations } from "./simulation/expect-power-gone.ts";

const SEED = Number(process.env.SUPERCARGO_SEED ?? "1");

describe("promise 8: the kill switch is final", () => {
  it(
    `under the load of 64 agents with the orchestrator down, at 24 points, seed ${SEED}`,
    {
      timeout: 300_000,
    },
    ({ task }) => expectFreezes(task, SEED, 24),
  );
});

describe("promise 12: every credential dies", () => {
  it(
    `or is on the list, whichever revocations fail, seed ${SEED}`,
    { timeout: 300_000 },
    ({ task }) => expectRevocations(task, { seed: SEED, rounds: 4, tokens: 40 }),
  );
});
