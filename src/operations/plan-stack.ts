import { ISSUERS } from "../adapters/issuers/registry.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { evaluatePolicy } from "../compiler/3-policy/evaluate-policy.ts";
import type { EngineJob, EngineReport, EngineRun } from "../deploy/run-engine.ts";
import type { StackPlace } from "../deploy/stack-place.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nameSubject } from "../permissions/name-subject.ts";
import type { Review } from "../review/review.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { ENGINE_TITLES } from "./engine-titles.ts";
import { projectFolders } from "./find-project.ts";
import { refuseChangedState } from "./guard-state.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { type PreparedEngine, prepareEngine } from "./prepare-engine.ts";
import { refuseOtherEngine } from "./refuse-other-engine.ts";
import { toReviewSteps } from "./review-steps.ts";
import { ledgerHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";
import { writeProject } from "./write-project.ts";

/** A compiled and written stack with what the engine would do to it. */
export interface StackPlan {
  readonly compiled: CompiledProject;
  readonly run: EngineRun;
  readonly report: EngineReport;
  readonly review: Review;
  readonly diagnostics: readonly Diagnostic[];
  /** Resources that would change. */
  readonly changes: number;
  /** An earlier run was broken off in the middle of something. */
  readonly interrupted: boolean;
}

export interface PlanQuery extends StackQuery {
  /** What the manifest no longer has is left alone, to be removed by a later run. Default false. */
  readonly keepsOld?: boolean | undefined;
}

/**
 * Compiles, writes, and asks the engine what it would do. Changes nothing outside the project's own folders. `base` is an empty folder in which the
 * engine then works; the plan is of no use without it.
 */
export async function planStack(
  workplace: Workplace,
  query: PlanQuery,
  base: string,
): Promise<StackPlan | Refusal> {
  const { progress } = workplace;
  progress.step("compiling the manifest");
  const compiled = await compileSources(workplace, query, { emit: true });
  if ("ok" in compiled) return compiled;
  const written = await writeProject(compiled);
  if ("ok" in written) return written;
  const prepared = await prepareEngine(
    workplace,
    compiled.model.engine,
    projectFolders(compiled.project),
  );
  if ("ok" in prepared) return prepared;

  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(prepared.engine.id);
  const job = describeJob(workplace, compiled, prepared);
  const elsewhere = await refuseOtherEngine(workplace, job);
  if (elsewhere !== undefined) return elsewhere;
  const changed = await refuseChangedState(job.place, ledgerHome(job.place.root, compiled.model));
  if (changed !== undefined) return changed;
  const run = await layOutRun(job, compiled, base);
  progress.step(`asking ${ENGINE_TITLES[prepared.engine.id]} what would change`);
  const ensured = await driver.ensureStack(run);
  if (!ensured.ok) return refuseEngine(ensured.error);
  const report = await driver.previewStack(run);
  if (!report.ok) return refuseEngine(report.error);
  const { ok: _, ...whole } = report;
  const steps = whole.steps.filter(({ operation }) => operation !== "delete");
  const rest = query.keepsOld === true ? { ...whole, steps } : whole;
  const interrupted = driver.isInterrupted(run.place);
  return reviewPlan(compiled, written.files, run, { report: rest, query, interrupted });
}

/** The engine's work on a project's stack. */
export function describeJob(
  { signal }: Workplace,
  { project, model }: CompiledProject,
  { engine, machine }: PreparedEngine,
): EngineJob {
  const place: StackPlace = {
    root: project.root,
    folder: `${project.root}/stacks/${model.name}`,
    project: model.name,
    stack: model.stack,
  };
  return { machine, engine, place, signal };
}

/** Gives the engine what was compiled to work on, in an empty folder of its own: nothing is read from where anybody else writes. */
export async function layOutRun(
  job: EngineJob,
  { files }: CompiledProject,
  base: string,
): Promise<EngineRun> {
  if (files === undefined) throw new Error("the project was compiled without files");
  const { writeProgram } = await import("../deploy/write-program.ts");
  return { ...job, folder: writeProgram(base, job.place, files) };
}

/** Decides the policy again, now that it is known what exists already and what would go, and puts the review together. */
async function reviewPlan(
  compiled: CompiledProject,
  files: Review["digests"]["files"],
  run: EngineRun,
  {
    report,
    query,
    interrupted,
  }: {
    readonly report: EngineReport;
    readonly query: StackQuery;
    readonly interrupted: boolean;
  },
): Promise<StackPlan | Refusal> {
  const [{ buildReview }, { checkRemovals }, { listExisting }] = await Promise.all([
    import("../review/build-review.ts"),
    import("../review/check-removals.ts"),
    import("../review/list-existing.ts"),
  ]);
  const { model, lowered } = compiled;
  const steps = toReviewSteps(report.steps);
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
  checkRemovals({ model, lowered, steps, subject, manifest }, sink);
  const earlier = compiled.diagnostics.filter(({ code }) => !code.startsWith("SC4"));
  const diagnostics = [...earlier, ...found];
  const review = buildReview({ model, lowered, policy, files, steps, issuers: ISSUERS });
  if (found.some(({ severity }) => severity === "error")) {
    const message = "the stack is refused by its guardrails";
    return refuse({ kind: "refused", code: "not-allowed", message }, { diagnostics });
  }
  const changes = review.changes?.length ?? 0;
  return { compiled, run, report, review, diagnostics, changes, interrupted };
}
