import type { Json } from "../util/canonical-json.ts";

/** What the engine does with a resource. Its finer operations (delete-replaced, create-replacement) are part of `replace`. */
export const STEP_OPERATIONS = [
  "same",
  "create",
  "update",
  "replace",
  "delete",
  "read",
  "refresh",
  "import",
] as const;
export type StepOperation = (typeof STEP_OPERATIONS)[number];

/** One resource and what happens or happened to it. */
export interface EngineStep {
  readonly operation: StepOperation;
  readonly urn: string;
  /** Pulumi's type token, e.g. `cloudflare:index/r2Bucket:R2Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Top-level inputs that differ, sorted; empty for what is created or deleted as a whole. */
  readonly changed: readonly string[];
  /** Inputs that force a replacement, sorted. */
  readonly replacedBecause: readonly string[];
  /** Inputs before; undefined for what did not exist. Secrets read `[secret]`, what is not known yet `[unknown]`. */
  readonly before?: Readonly<Record<string, Json>> | undefined;
  /** Inputs after; undefined for what is deleted. */
  readonly after?: Readonly<Record<string, Json>> | undefined;
}

/**
 * The step as a preview should show it. While an access token is about to change, the engine cannot ask the provider about
 * what is made with it and calls all of it an update; what has the same inputs as before, none of them secret, stays the same.
 */
export function settlePreview(step: EngineStep): EngineStep {
  const isDoubtful = step.operation === "update" && step.changed.length === 0;
  if (!isDoubtful || JSON.stringify(step.after ?? {}).includes('"[secret]"')) return step;
  return { ...step, operation: "same" };
}

/** How many resources of each operation. */
export type StepCounts = Readonly<Partial<Record<StepOperation, number>>>;

/** Counts steps by operation. */
export function countSteps(steps: readonly EngineStep[]): StepCounts {
  const counts: Partial<Record<StepOperation, number>> = {};
  for (const step of steps) counts[step.operation] = (counts[step.operation] ?? 0) + 1;
  return counts;
}
