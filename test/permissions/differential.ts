import fc from "fast-check";
import { decide } from "../../src/permissions/decide.ts";
import { askCedar, loadCedar } from "./cedar.ts";
import { randomPolicy, randomRequest } from "./random-policies.ts";
import { specify } from "./specification.ts";

export interface Comparison {
  readonly requests: number;
  /** How often each answer came: a test that sees only denials proves little. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly disagreements: readonly string[];
}

const REQUESTS_PER_POLICY = 200;

/** Asks our evaluator, Cedar and the specification the same questions. */
export function compareEvaluators(requests: number, seed: number): Comparison {
  const policies = Math.ceil(requests / REQUESTS_PER_POLICY);
  const outcomes: Record<string, number> = {};
  const disagreements: string[] = [];
  const sampled = fc.sample(randomPolicy, { numRuns: policies, seed });
  const asked = fc.sample(randomRequest, {
    numRuns: policies * REQUESTS_PER_POLICY,
    seed: seed + 1,
  });
  for (const [i, policy] of sampled.entries()) {
    loadCedar("compared", policy);
    const from = i * REQUESTS_PER_POLICY;
    for (const request of asked.slice(from, from + REQUESTS_PER_POLICY)) {
      const ours = decide(policy, request).outcome;
      const cedar = askCedar("compared", policy, request);
      const specified = specify(policy, request);
      outcomes[ours] = (outcomes[ours] ?? 0) + 1;
      if (ours !== cedar || ours !== specified)
        disagreements.push(
          `policy ${i}, ${request.subject} ${request.verb}: ${ours} ${cedar} ${specified}`,
        );
    }
  }
  return { requests: asked.length, outcomes, disagreements };
}
