import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { Review } from "../review/review.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { type Outcome, type Refusal, succeed } from "./outcome.ts";
import { type PrintedPlan, planPrinted } from "./plan-printed.ts";
import { planCompiled } from "./plan-stack.ts";
import { isApplied } from "./refuse-printed.ts";
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

/** Of an engine that is not run here. */
const PRINTED_ONLY =
  "what was printed is shown as new: nobody was asked what is there, and nothing applies it (SC5002)";

/** Says what `up` would do, cost and be permitted. Needs neither broker nor sandbox, and spends nothing. */
export async function previewProject(
  workplace: Workplace,
  query: PreviewQuery,
): Promise<Outcome<PreviewResult>> {
  workplace.progress.step("compiling the manifest");
  const compiled = await compileSources(workplace, query, { emit: true });
  if ("ok" in compiled) return compiled;
  const isRun = isApplied(compiled.model.engine);
  const plan = isRun
    ? await askEngine(workplace, query, compiled)
    : await planPrinted(compiled, query);
  if ("ok" in plan) return plan;
  const { review, changes, steps, diagnostics } = plan;
  const written =
    query.out === undefined ? [] : await writeReview(workplace.cwd, query.out, review);
  const { project, stack, unchanged, verdict } = review;
  const canUp = verdict === "ready" && changes > 0 && isRun;
  return succeed(
    { project, stack, changes, unchanged, verdict, review, steps, written },
    {
      diagnostics,
      nextSteps: canUp ? [suggestCommand("up", query)] : [],
      warnings: isRun ? [] : [PRINTED_ONLY],
    },
  );
}

async function askEngine(
  workplace: Workplace,
  query: PreviewQuery,
  compiled: CompiledProject,
): Promise<PrintedPlan | Refusal> {
  const { withPrivateFolder } = await import("../deploy/private-folder.ts");
  const plan = await withPrivateFolder(compiled.project.root, (base) =>
    planCompiled(workplace, query, compiled, base),
  );
  return "ok" in plan ? plan : { ...plan, steps: plan.report.steps };
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
