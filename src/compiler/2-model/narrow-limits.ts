import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Money } from "../../util/money.ts";
import type { Guardrails, Limits } from "../1-manifest/guardrails.ts";
import type { ManifestBudget } from "../1-manifest/manifest-schema.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { DataPath, Locator } from "../1-manifest/spans.ts";

/**
 * Narrows the limits of the guardrails by the manifest's budget and then by the stack's. A budget that is wider than what it narrows, or in
 * another currency, is an error and changes nothing. A monthly budget also bounds what one provider, project, stack, agent, run, purchase and category may cost, and twelve of it what is committed to.
 */
export function narrowLimits(
  { limits }: Guardrails,
  { data, locator }: Manifest,
  stack: string,
  sink: BoundedSink,
): Limits {
  const steps: readonly { budget: ManifestBudget | undefined; path: DataPath; who: string }[] = [
    { budget: data.budget, path: ["budget"], who: "the guardrails allow" },
    {
      budget: Object.hasOwn(data.stacks, stack) ? data.stacks[stack]?.budget : undefined,
      path: ["stacks", stack, "budget"],
      who: data.budget === undefined ? "the guardrails allow" : "guardrails and manifest allow",
    },
  ];
  let narrowed = limits;
  for (const { budget, path, who } of steps)
    if (budget !== undefined) narrowed = narrow(narrowed, budget, { path, who, locator, sink });
  return narrowed;
}

interface Step {
  readonly path: DataPath;
  readonly who: string;
  readonly locator: Locator;
  readonly sink: BoundedSink;
}

function narrow(limits: Limits, budget: ManifestBudget, step: Step): Limits {
  const total = choose(limits.total, budget.monthly, "monthly", "a month", step);
  const perRun = choose(limits.perRun, budget.perRun, "perRun", "one run", step);
  const perTransaction = choose(
    limits.perTransaction,
    budget.perTransaction,
    "perTransaction",
    "one purchase",
    step,
  );
  return {
    ...limits,
    total,
    perProvider: least(limits.perProvider, total),
    perProject: limits.perProject && least(limits.perProject, total),
    perStack: limits.perStack && least(limits.perStack, total),
    perAgent: limits.perAgent && least(limits.perAgent, total),
    commitments:
      limits.commitments && least(limits.commitments, { ...total, minor: 12n * total.minor }),
    perRun: least(perRun, total),
    perTransaction: least(perTransaction, perRun, total),
    categories: Object.fromEntries(
      Object.entries(limits.categories).map(([category, cap]) => [category, least(cap, total)]),
    ),
  };
}

function choose(
  allowed: Money,
  wanted: Money | undefined,
  key: string,
  what: string,
  { path, who, locator, sink }: Step,
): Money {
  if (wanted === undefined) return allowed;
  const at = locator.value([...path, key]);
  if (wanted.currency !== allowed.currency) {
    const { currency } = allowed;
    sink.fail(() => createDiagnostic("SC3017", { amount: wanted, currency }, at));
    return allowed;
  }
  if (wanted.minor <= allowed.minor) return wanted;
  sink.fail(() => createDiagnostic("SC3016", { wanted, allowed, who, what }, at));
  return allowed;
}

function least(first: Money, ...others: readonly Money[]): Money {
  return others.reduce((a, b) => (b.minor < a.minor ? b : a), first);
}
