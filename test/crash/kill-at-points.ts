import { join } from "node:path";
import { expect } from "vitest";
import { makeProject } from "../support/make-project.ts";
import { crashUp } from "./crash-up.ts";
import { expectOneOfEach } from "./expect-one-of-each.ts";
import type { CrashGroup, KillPoint } from "./kill-points.ts";
import { startStepHook } from "./step-hook.ts";

/** Manifests for crash tests, each with the least that the points need. */
export const CRASH_PROJECTS: string = join(import.meta.dirname, "fixtures");

/** Acts run side by side, so that a step can pass while another one's death is due: what was missed is met in the next life. That is a few times over. */
const LIVES_TO_SPARE = 4;

export interface Deaths {
  readonly kills: number;
  readonly lives: number;
}

/**
 * `up` again and again, each run killed at a point that is still due, until one gets through and books, ledger and state agree; and that with one new project
 * after the other until all points were met. Strikes what was met off `due`. Throws where something is there twice, is lost, or a point is never met.
 */
export async function killAtPoints(template: CrashGroup, due: Set<KillPoint>): Promise<Deaths> {
  let kills = 0;
  let lives = 0;
  const others = [...due].filter((point) => !point.startsWith("command line")).length;
  while (due.size > 0) {
    expect(lives, `not met: ${[...due].join(", ")}`).toBeLessThan(others + LIVES_TO_SPARE);
    kills += await liveThrough(template, due);
    lives += 1;
  }
  return { kills, lives };
}

async function liveThrough(template: CrashGroup, due: Set<KillPoint>): Promise<number> {
  const project = makeProject(template, CRASH_PROJECTS);
  const hook = await startStepHook();
  try {
    for (let kills = 0; ; kills++) {
      const run = await crashUp(project.folder, hook, due);
      if (run.struck === undefined) {
        expect(run.code, run.stdout + run.stderr).toBe(0);
        await expectOneOfEach(template, project.folder);
        return kills;
      }
      expect(run.code, `died ${run.struck}`).not.toBe(0);
      due.delete(run.struck);
    }
  } finally {
    await hook.close();
    await project.remove();
  }
}
