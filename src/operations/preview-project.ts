import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { Review } from "../review/review.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findProject } from "./find-project.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { planStack } from "./plan-stack.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

export interface PreviewQuery extends StackQuery {
  /** Folder for `review.json` and `review.md`; made when absent. */
  readonly out?: string | undefined;
}

export interface PreviewResult {
  readonly project: string;
  readonly stack: string;
  /** Resources that would be created, updated, replaced or deleted. */
  readonly changes: number;
  readonly unchanged: number;
  readonly verdict: Review["verdict"];
  readonly review: Review;
  /** The engine's own steps with their inputs; secrets are masked. */
  readonly steps: readonly EngineStep[];
  /** What was written with `out`, as named by the user. */
  readonly written: readonly string[];
}

/** Says what `up` would do, cost and be permitted. Needs neither broker nor sandbox, and spends nothing. */
export async function previewProject(
  workplace: Workplace,
  query: PreviewQuery,
): Promise<Outcome<PreviewResult>> {
  const found = findProject(workplace.cwd, query);
  if ("ok" in found) return found;
  const { withPrivateFolder } = await import("../deploy/private-folder.ts");
  const plan = await withPrivateFolder(found.root, (base) => planStack(workplace, query, base));
  if ("ok" in plan) return plan;
  const { review, changes, diagnostics } = plan;
  const written =
    query.out === undefined ? [] : await writeReview(workplace.cwd, query.out, review);
  const { project, stack, unchanged, verdict } = review;
  const nextSteps = verdict === "ready" && changes > 0 ? [suggestCommand("up", query)] : [];
  return succeed(
    { project, stack, changes, unchanged, verdict, review, steps: plan.report.steps, written },
    { diagnostics, nextSteps },
  );
}

async function writeReview(cwd: string, out: string, review: Review): Promise<readonly string[]> {
  const [{ renderReviewJson }, { renderReviewMarkdown }] = await Promise.all([
    import("../review/render-review-json.ts"),
    import("../review/render-review-markdown.ts"),
  ]);
  const folder = resolve(cwd, out);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "review.json"), renderReviewJson(review));
  writeFileSync(join(folder, "review.md"), renderReviewMarkdown(review));
  return [join(out, "review.json"), join(out, "review.md")];
}
