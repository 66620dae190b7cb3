import { ISSUERS } from "../adapters/issuers/registry.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { evaluatePolicy } from "../compiler/3-policy/evaluate-policy.ts";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nameSubject } from "../permissions/name-subject.ts";
import type { Review } from "../review/review.ts";
import type { CompiledProject, StackQuery } from "./compile-sources.ts";
import { listServedKinds } from "./list-served-kinds.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { toReviewSteps } from "./review-steps.ts";

/** What would change, with the policy's word on it. */
export interface ReviewedPlan {
  readonly review: Review;
  readonly diagnostics: readonly Diagnostic[];
  /** Resources that would change. */
  readonly changes: number;
}

/** Decides the policy again, now that it is known what exists already and what would go, and puts the review together. */
export async function reviewPlan(
  compiled: CompiledProject,
  files: Review["digests"]["files"],
  engineSteps: readonly EngineStep[],
  query: StackQuery,
): Promise<ReviewedPlan | Refusal> {
  const [{ buildReview }, { checkRemovals }, { listExisting }] = await Promise.all([
    import("../review/build-review.ts"),
    import("../review/check-removals.ts"),
    import("../review/list-existing.ts"),
  ]);
  const { model, lowered } = compiled;
  const steps = toReviewSteps(engineSteps);
  const found: Diagnostic[] = [];
  const sink = { report: (diagnostic: Diagnostic) => void found.push(diagnostic) };
  const policy = evaluatePolicy(
    {
      ...{ model, lowered, catalog: loadCatalog(), person: query.person },
      existing: listExisting(steps),
    },
    sink,
  );
  const subject = nameSubject(model, query.person);
  const manifest = compiled.project.manifest.path;
  checkRemovals({ model, lowered, steps, subject, manifest, listServed: listServedKinds }, sink);
  const earlier = compiled.diagnostics.filter(({ code }) => !code.startsWith("SC4"));
  const diagnostics = [...earlier, ...found];
  // Whoever reads the review alone must see that nobody applies the stack.
  const remarks = earlier.filter(({ code }) => code === "SC5002");
  const review = buildReview({ model, lowered, policy, files, steps, issuers: ISSUERS, remarks });
  if (found.some(({ severity }) => severity === "error")) {
    const message = "the stack is refused by its guardrails";
    return refuse({ kind: "refused", code: "not-allowed", message }, { diagnostics });
  }
  return { review, diagnostics, changes: review.changes?.length ?? 0 };
}
