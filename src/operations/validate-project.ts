import { formatMoney } from "../util/money.ts";
import { compileSources, type StackQuery } from "./compile-sources.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

/** What a valid manifest asks for. Money is text, `10.44 USD`. */
export interface ValidationResult {
  readonly name: string;
  readonly stack: string;
  readonly live: boolean;
  readonly manifest: string;
  /** Null when the strict defaults hold. */
  readonly guardrails: string | null;
  /** Number of manifest resources. */
  readonly resources: number;
  readonly cost: {
    readonly oneTime: readonly string[];
    readonly monthly: readonly string[];
    readonly yearly: readonly string[];
    /** Resources billed by use on top. */
    readonly byUse: readonly string[];
  };
  /** A person must approve it before it is applied. */
  readonly needsApproval: boolean;
}

/** Checks manifest and guardrails, references, placement, prices and policy. Builds nothing, writes nothing, asks nobody. */
export async function validateProject(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<ValidationResult>> {
  const compiled = await compileSources(workplace, query, { emit: false });
  if ("ok" in compiled) return compiled;
  const { project, model, policy, diagnostics } = compiled;
  const { oneTime, monthly, yearlyCommitment, usageBased } = policy.cost;
  return succeed(
    {
      name: model.name,
      stack: model.stack,
      live: model.live,
      manifest: project.manifest.path,
      guardrails: project.guardrails?.path ?? null,
      resources: model.resources.length,
      cost: {
        oneTime: oneTime.map(formatMoney),
        monthly: monthly.map(formatMoney),
        yearly: yearlyCommitment.map(formatMoney),
        byUse: usageBased.map(({ resource }) => resource),
      },
      needsApproval: policy.requiresApproval,
    },
    { diagnostics, nextSteps: [suggestCommand("preview", query)] },
  );
}
