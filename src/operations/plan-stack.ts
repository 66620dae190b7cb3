import type { EngineJob, EngineReport, EngineRun } from "../deploy/run-engine.ts";
import type { StackPlace } from "../deploy/stack-place.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { ENGINE_TITLES } from "./engine-titles.ts";
import { projectFolders } from "./find-project.ts";
import { refuseChangedState } from "./guard-state.ts";
import type { Refusal } from "./outcome.ts";
import { type PreparedEngine, prepareEngine } from "./prepare-engine.ts";
import { refuseOtherEngine } from "./refuse-other-engine.ts";
import { isApplied, refusePrinted } from "./refuse-printed.ts";
import { refuseUnmirrored } from "./refuse-unmirrored.ts";
import { type ReviewedPlan, reviewPlan } from "./review-plan.ts";
import { ledgerHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";
import { writeProject } from "./write-project.ts";

/** A compiled and written stack with what the engine would do to it. */
export interface StackPlan extends ReviewedPlan {
  readonly compiled: CompiledProject;
  readonly run: EngineRun;
  readonly report: EngineReport;
  /** An earlier run was broken off in the middle of something. */
  readonly interrupted: boolean;
}

export interface PlanQuery extends StackQuery {
  /** What the manifest no longer has is left alone, to be removed by a later run. Default false. */
  readonly keepsOld?: boolean | undefined;
}

/**
 * Compiles, writes, and asks the engine what it would do. Changes nothing outside the project's own folders, and nothing at all for an engine that is not run
 * here. `base` is an empty folder in which the engine then works; the plan is of no use without it.
 */
export async function planStack(
  workplace: Workplace,
  query: PlanQuery,
  base: string,
): Promise<StackPlan | Refusal> {
  workplace.progress.step("compiling the manifest");
  const compiled = await compileSources(workplace, query, { emit: true });
  return "ok" in compiled ? compiled : planCompiled(workplace, query, compiled, base);
}

/** {@link planStack} of what is compiled already. */
export async function planCompiled(
  workplace: Workplace,
  query: PlanQuery,
  compiled: CompiledProject,
  base: string,
): Promise<StackPlan | Refusal> {
  const { progress } = workplace;
  if (!isApplied(compiled.model.engine)) return refusePrinted(compiled.model.engine);
  const unmirrored = refuseUnmirrored(compiled.model.engine, compiled.lowered, "plan");
  if (unmirrored !== undefined) return unmirrored;
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
  const reviewed = await reviewPlan(compiled, written.files, rest.steps, query);
  return "ok" in reviewed ? reviewed : { ...reviewed, compiled, run, report: rest, interrupted };
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
