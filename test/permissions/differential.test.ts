import { expect, test } from "vitest";
import { compareEvaluators } from "./differential.ts";

/** Requests; `SUPERCARGO_DIFFERENTIAL` sets another number. `npm run test:long` asks a million. */
const REQUESTS = Number(process.env.SUPERCARGO_DIFFERENTIAL ?? 100_000);

test(`promise 10: our evaluator, Cedar and the specification agree on ${REQUESTS} requests`, {
  timeout: 300_000,
}, () => {
  const { requests, outcomes, disagreements } = compareEvaluators(REQUESTS, 20_261_124);
  expect(disagreements).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(REQUESTS);
  for (const outcome of ["permitted", "needs-approval", "denied"])
    expect(outcomes[outcome] ?? 0, outcome).toBeGreaterThan(requests / 100);
});
