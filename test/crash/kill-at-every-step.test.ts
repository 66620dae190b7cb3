import { afterAll, beforeAll, expect, it } from "vitest";
import { LEASE_KINDS } from "../../src/broker/protocol.ts";
import { STEP_NAMES } from "../../src/broker/steps.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";
import { crashUp } from "./crash-run.ts";
import { type StepHook, startStepHook } from "./step-hook.ts";
import { VICTIMS, type Victim } from "./victims.ts";

/**
 * Where to kill: after each step of each kind of lease that the storefront has. What is durable just after a step is what is durable just before the
 * next one, so one death for each pair says all; the long suite dies at random moments.
 */
const CRASH_POINTS = LEASE_KINDS.filter((kind) => kind !== "service-instance").flatMap((kind) =>
  STEP_NAMES.map((name) => `after ${name} of ${kind}`),
);
/** Acts run side by side, so a step can pass while another one's death is due; what was missed is met in the next life. */
const MOST_LIVES = 6;

let hook: StepHook;
beforeAll(async () => {
  hook = await startStepHook();
});
afterAll(() => hook.close());

/** `after mark of create domain address` -> `after mark of domain`. */
function crashPoint(step: string): string {
  return step.replace(/ of \S+ (\S+) \S+$/, " of $1");
}

async function expectOneOfEach(project: Project): Promise<void> {
  const { accounts, paymentTokens, domains, charges } = await readBooks(project.folder);
  expect([accounts, paymentTokens, domains, charges].map(({ length }) => length)).toEqual([
    1, 1, 1, 1,
  ]);
  const status = await runCli(["status", "--json"], { cwd: project.folder });
  expect(JSON.parse(status.stdout)).toMatchObject({
    data: { money: { spent: "10.44 USD", held: "0.00 USD" } },
  });
  const preview = await runCli(["preview", "--json"], { cwd: project.folder });
  expect(JSON.parse(preview.stdout)).toMatchObject({ ok: true, data: { review: { changes: [] } } });
}

/** `up` again and again, each run killed at a point that is still due, until one gets through. Strikes what was met off `due`. */
async function liveThrough(due: Set<string>): Promise<number> {
  const project = makeProject("storefront");
  try {
    for (let kills = 0; ; kills++) {
      const victim = VICTIMS[kills % VICTIMS.length] as Victim;
      const run = await crashUp(project.folder, hook, {
        victim,
        isTarget: (step) => due.has(crashPoint(step)),
      });
      if (run.struck === undefined) {
        expect(run.code, run.stdout + run.stderr).toBe(0);
        await expectOneOfEach(project);
        return kills;
      }
      expect(run.code, `died ${run.struck}`).not.toBe(0);
      due.delete(crashPoint(run.struck));
    }
  } finally {
    await project.remove();
  }
}

it("promise 4: no orphan: a kill -9 of any process after any step of up makes nothing twice: one account, payment token, domain and charge", {
  timeout: 900_000,
}, async () => {
  const due = new Set(CRASH_POINTS);
  let kills = 0;
  let lives = 0;
  while (due.size > 0 && lives < MOST_LIVES) {
    kills += await liveThrough(due);
    lives += 1;
  }
  expect([...due]).toEqual([]);
  console.log(
    `${kills} kills at ${CRASH_POINTS.length} points in ${lives} lives: one of each, and one charge of 10.44 USD`,
  );
});
