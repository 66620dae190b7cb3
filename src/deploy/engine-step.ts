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

/** How many resources of each operation. */
export type StepCounts = Readonly<Partial<Record<StepOperation, number>>>;

/** Counts steps by operation. */
export function countSteps(steps: readonly EngineStep[]): StepCounts {
  const counts: Partial<Record<StepOperation, number>> = {};
  for (const step of steps) counts[step.operation] = (counts[step.operation] ?? 0) + 1;
  return counts;
}
