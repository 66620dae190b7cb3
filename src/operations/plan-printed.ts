import type { EngineStep } from "../deploy/engine-step.ts";
import type { CompiledProject, StackQuery } from "./compile-sources.ts";
import type { Refusal } from "./outcome.ts";
import { type ReviewedPlan, reviewPlan } from "./review-plan.ts";
import { writeProject } from "./write-project.ts";

/** A compiled and written stack of an engine that is not run here, read back as what it would be if nothing of it were there. */
export interface PrintedPlan extends ReviewedPlan {
  readonly steps: readonly EngineStep[];
}

/** Writes what was compiled and reads back what it says. */
export async function planPrinted(
  compiled: CompiledProject,
  query: StackQuery,
): Promise<PrintedPlan | Refusal> {
  const written = await writeProject(compiled);
  if ("ok" in written) return written;
  if (compiled.files === undefined) throw new Error("the project was compiled without files");
  const { readStack } = await import("../deploy/crossplane/read-stack.ts");
  const steps = readStack(compiled.files);
  const reviewed = await reviewPlan(compiled, written.files, steps, query);
  return "ok" in reviewed ? reviewed : { ...reviewed, steps };
}
