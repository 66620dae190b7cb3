import fc from "fast-check";
import { decide } from "../src/permissions/decide.ts";
import { askCedar, loadCedar } from "../test/permissions/cedar.ts";
import { randomPolicy, randomRequest } from "../test/permissions/random-policies.ts";
import { printRates } from "./print-rates.ts";

const POLICIES = 20;
const REQUESTS = 200;
const ROUNDS = 5;
const SEED = 20_261_124;

/** Decisions of our evaluator and of Cedar (WebAssembly) over the same random policies and requests of the differential test. */
export function benchPolicy(): void {
  const policies = fc.sample(randomPolicy, { numRuns: POLICIES, seed: SEED });
  const requests = fc.sample(randomRequest, { numRuns: REQUESTS, seed: SEED + 1 });
  for (const [n, policy] of policies.entries()) loadCedar(`bench-${n}`, policy);
  const ours = measure(() => {
    for (const policy of policies) for (const request of requests) decide(policy, request);
  });
  const cedar = measure(() => {
    for (const [n, policy] of policies.entries())
      for (const request of requests) askCedar(`bench-${n}`, policy, request);
  });
  printRates(
    `policy decisions (${POLICIES} random policies x ${REQUESTS} requests); Cedar is asked up to twice, for it cannot say what approval lacks`,
    new Map([
      ["cedar-wasm", cedar],
      ["supercargo", ours],
    ]),
  );
}

/** Decisions per second, of the fastest round. */
function measure(work: () => void): number {
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return (POLICIES * REQUESTS) / Math.min(...seconds);
}
