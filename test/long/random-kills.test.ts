import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { STEP_NAMES } from "../../src/broker/steps.ts";
import { type CrashProject, expectOneOfEach } from "../crash/expect-one-of-each.ts";
import { CRASH_PROJECTS } from "../crash/kill-at-points.ts";
import { type StepHook, startStepHook } from "../crash/step-hook.ts";
import { killVictim, VICTIMS, type Victim } from "../crash/victims.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { makeProject } from "../support/make-project.ts";
import { type CliRun, runCli, startCli } from "../support/run-cli.ts";

/** Real kills to reach; `SUPERCARGO_KILLS` changes it. */
const KILLS = Number(process.env.SUPERCARGO_KILLS ?? "500");
/** Projects that live at the same time, each with its own sandbox: one for each core. */
const SIDE_BY_SIDE = 2;
/** The most runs of one life that are killed before one is let through. */
const KILLS_PER_LIFE = 12;

interface Kind {
  readonly name: CrashProject;
  /** Default the templates. */
  readonly from?: string;
  /** How many acts of the broker it takes to be complete. */
  readonly acts: number;
}
/** What lives, in turn: the least that has each kind of lease, which is soon up, and the shop with much of the provider's own. */
const PROJECTS: readonly Kind[] = [
  { name: "purchases", from: CRASH_PROJECTS, acts: 3 },
  { name: "rights", from: CRASH_PROJECTS, acts: 5 },
  { name: "storefront", acts: 5 },
];

/** One death in so many comes at any moment from the start on, while the run plans and starts what it needs; the others come while it acts. */
const EARLY_ONE_IN = 6;
const EARLY_MS = 6_000;
/** Milliseconds after a step within which one comes: half of them at once, half of them while the engine goes on with what follows. */
const SOON_MS = 50;
const LATER_MS = 2_500;
/** Milliseconds within which a death is tried for again that found no victim. */
const AGAIN_MS = 300;

const deaths: Record<Victim, number> = { "command line": 0, engine: 0, provider: 0 };

/**
 * Starts `up` and kills one of its processes at a random moment at which it acts; one that isn't there then is tried for again. `seen` are the broker's steps
 * in this life so far, so that the moments are spread over what is still to come. False when the run was over first.
 */
async function killOnce(
  folder: string,
  hook: StepHook,
  { seen, steps }: { readonly seen: Set<string>; readonly steps: number },
): Promise<{ readonly struck: boolean; readonly run: CliRun }> {
  let left = 1 + randomInt(Math.max(STEP_NAMES.length, steps - seen.size));
  const reached = new Promise<void>((resolve) => {
    hook.onStep(async (step) => {
      seen.add(step);
      left -= 1;
      if (left === 0) resolve();
    });
  });
  const isEarly = randomInt(EARLY_ONE_IN) === 0;
  const moment = isEarly
    ? sleep(randomInt(EARLY_MS))
    : reached.then(() => sleep(randomInt(randomInt(2) === 0 ? SOON_MS : LATER_MS)));
  const { child, done } = startCli(["up", "--json"], {
    cwd: folder,
    env: { SUPERCARGO_STEP_HOOK: hook.url },
  });
  const isOver = done.then(() => true);
  let struck = false;
  for (let next: Promise<unknown> = moment; !struck; next = sleep(randomInt(AGAIN_MS))) {
    if (await Promise.race([isOver, next.then(() => false)])) break;
    const victim = VICTIMS[randomInt(VICTIMS.length)] as Victim;
    struck = killVictim(victim, child.pid ?? 0);
    if (struck) deaths[victim] += 1;
  }
  return { struck, run: await done };
}

/** One project's life: `up` is killed several times, `most` times at most, wherever it is by then, until one run gets through. Answers with the number of kills. */
async function liveThrough({ name, from, acts }: Kind, most: number): Promise<number> {
  const project = makeProject(name, from);
  const hook = await startStepHook();
  try {
    const life = { seen: new Set<string>(), steps: acts * STEP_NAMES.length * 2 };
    const wanted = 1 + randomInt(Math.min(KILLS_PER_LIFE, most));
    let kills = 0;
    let last: CliRun | undefined;
    while (kills < wanted && last === undefined) {
      const { struck, run } = await killOnce(project.folder, hook, life);
      if (struck) kills += 1;
      else last = run;
    }
    last ??= await runCli(["up", "--json"], { cwd: project.folder });
    expect(last.code, last.stdout + last.stderr).toBe(0);
    await expectOneOfEach(name, project.folder);
    return kills;
  } finally {
    await hook.close();
    await project.remove();
  }
}

it(`promise 4: no orphan: ${KILLS} kills of any process at random moments make nothing twice and lose nothing`, {
  timeout: 4 * 3_600_000,
}, async ({ task }) => {
  let kills = 0;
  let lives = 0;
  let isSound = true;
  const start = performance.now();
  const live = async (): Promise<void> => {
    while (isSound && kills < KILLS) {
      lives += 1;
      const kind = PROJECTS[lives % PROJECTS.length] as Kind;
      const died = await liveThrough(kind, KILLS - kills).catch((error) => {
        // The others end their lives and begin no new ones.
        isSound = false;
        throw error;
      });
      kills += died;
      const perMinute = ((kills * 60_000) / (performance.now() - start)).toFixed(1);
      console.log(`${kills} kills of ${KILLS}, ${lives} lives, ${perMinute} a minute, one of each`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, live));
  const each = VICTIMS.map((victim) => `${victim} ${deaths[victim]}`).join(", ");
  noteFigure(task, `${kills} random kills (${each}) in ${lives} lives, one of each`);
});
