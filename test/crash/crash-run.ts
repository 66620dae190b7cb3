import { appendFileSync } from "node:fs";
import { type CliRun, startCli } from "../support/run-cli.ts";
import type { StepHook } from "./step-hook.ts";
import { killVictim, type Victim } from "./victims.ts";

export interface CrashRun extends CliRun {
  /** Where the victim died; undefined when the run met no step that `isTarget` wants. */
  readonly struck: string | undefined;
}

/**
 * Runs `up` and kills the victim at the first step that `isTarget` wants. A victim that does not run yet (the provider process before its first
 * call) is replaced by the command line, so that every step sees a death.
 */
export async function crashUp(
  project: string,
  hook: StepHook,
  { victim, isTarget }: { readonly victim: Victim; readonly isTarget: (step: string) => boolean },
): Promise<CrashRun> {
  let struck: string | undefined;
  const { child, done } = startCli(["up", "--json"], {
    cwd: project,
    env: { SUPERCARGO_STEP_HOOK: hook.url },
  });
  const pid = child.pid ?? 0;
  hook.onStep(async (step) => {
    if (struck !== undefined || !isTarget(step)) return;
    struck = step;
    if (!killVictim(victim, pid)) killVictim("command line", pid);
  });
  const run = await done;
  hook.onStep(async () => {});
  const trace = process.env.SUPERCARGO_CRASH_TRACE;
  if (trace !== undefined)
    appendFileSync(
      trace,
      `${new Date().toISOString()} ${victim} at ${struck}: exit ${run.code}\n${run.stdout}\n${run.stderr}\n`,
    );
  return { ...run, struck };
}
