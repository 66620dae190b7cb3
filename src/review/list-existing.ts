import type { EngineOp, EngineStep } from "./engine-step.ts";

const KEPT: ReadonlySet<EngineOp> = new Set(["same", "update", "read", "refresh"]);

/**
 * Names of what exists before a run and still does after it, which is what the policy takes as `existing`. The main resource of a manifest
 * resource has its name, and so has an account.
 */
export function listExisting(steps: readonly EngineStep[]): ReadonlySet<string> {
  const kept = new Set<string>();
  const other = new Set<string>();
  for (const { op, name } of steps) (KEPT.has(op) ? kept : other).add(name);
  return new Set([...kept].filter((name) => !other.has(name)));
}
