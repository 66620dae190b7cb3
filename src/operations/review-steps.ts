import type { EngineStep } from "../deploy/engine-step.ts";
import type { EngineStep as ReviewStep } from "../review/engine-step.ts";

/** The engine's steps in the review's terms: names of what differs, no values. */
export function toReviewSteps(steps: readonly EngineStep[]): readonly ReviewStep[] {
  return steps.map(({ operation, urn, type, name, changed }) => ({
    op: operation,
    urn,
    type,
    name,
    changedKeys: changed,
  }));
}
