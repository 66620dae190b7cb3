import { appendFileSync } from "node:fs";
import { type CliRun, startCli } from "../support/run-cli.ts";
import type { KillPoint } from "./kill-points.ts";
import type { StepHook } from "./step-hook.ts";
import { killVictim, VICTIMS } from "./victims.ts";

export interface CrashRun extends CliRun {
  /** Where who died; undefined when the run met none of the points that are due. */
  readonly struck: KillPoint | undefined;
}

/** Runs `up` and kills at the first point that is due; a victim that does not run at that moment stays due. */
export async function crashUp(
  project: string,
  hook: StepHook,
  due: ReadonlySet<KillPoint>,
): Promise<CrashRun> {
  let struck: KillPoint | undefined;
  const { child, done } = startCli(["up", "--json"], {
    cwd: project,
    env: { SUPERCARGO_STEP_HOOK: hook.url },
  });
  hook.onStep(async (step) => {
    if (struck !== undefined) return;
    // Without the resource's name, the last word.
    const moment = step.slice(0, step.lastIndexOf(" "));
    struck = VICTIMS.map((victim) => `${victim} ${moment}` as KillPoint).find(
      (point, index) =>
        due.has(point) && killVictim(VICTIMS[index] ?? "command line", child.pid ?? 0),
    );
  });
  const run = await done;
  hook.onStep(async () => {});
  const trace = process.env.SUPERCARGO_CRASH_TRACE;
  if (trace !== undefined)
    appendFileSync(
      trace,
      `${new Date().toISOString()} ${struck}: exit ${run.code}\n${run.stdout}\n${run.stderr}\n`,
    );
  return { ...run, struck };
}
