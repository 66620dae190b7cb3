import { afterAll, beforeAll, expect, it } from "vitest";
import { LEASE_KINDS } from "../../src/broker/protocol.ts";
import { STEP_NAMES } from "../../src/broker/steps.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";
import { crashUp } from "./crash-run.ts";
import { type StepHook, startStepHook } from "./step-hook.ts";
import { VICTIMS, type Victim } from "./victims.ts";

/** Kinds of leases that the storefront has. */
const KINDS = LEASE_KINDS.filter((kind) => kind !== "service-instance");
const MOST_RUNS = 200;

/** What is durable just after a step is what is durable just before the next one, so one death for each pair says all; the long suite does both. */
function isCrashPoint(step: string): boolean {
  return step.startsWith("after ");
}

let project: Project;
let hook: StepHook;
beforeAll(async () => {
  project = makeProject("storefront");
  hook = await startStepHook();
});
afterAll(async () => {
  await hook.close();
  await project.remove();
});

async function expectNothingTwice(): Promise<void> {
  const books = await readBooks(project.folder);
  expect(books.accounts.length).toBeLessThanOrEqual(1);
  expect(books.paymentTokens.length).toBeLessThanOrEqual(1);
  expect(books.domains.length).toBeLessThanOrEqual(1);
  expect(books.charges.length).toBeLessThanOrEqual(1);
}

it("a kill -9 at any step of up, of any process, makes nothing twice: one account, one payment token, one domain, one charge", {
  timeout: 900_000,
}, async () => {
  const struck = new Set<string>();
  let finished = false;
  for (let run = 0; run < MOST_RUNS && !finished; run++) {
    const victim = VICTIMS[run % VICTIMS.length] as Victim;
    const crashed = await crashUp(project.folder, hook, {
      victim,
      isTarget: (step) => isCrashPoint(step) && !struck.has(step),
    });
    if (crashed.struck === undefined) {
      expect(crashed.code, crashed.stdout + crashed.stderr).toBe(0);
      finished = true;
    } else {
      struck.add(crashed.struck);
      expect(crashed.code, `died at: ${crashed.struck}`).not.toBe(0);
    }
    if (run % 6 === 0 || finished) await expectNothingTwice();
  }
  expect(finished, `${struck.size} steps in ${MOST_RUNS} runs`).toBe(true);

  for (const kind of KINDS) {
    for (const name of STEP_NAMES) {
      const steps = [...struck].filter(
        (step) => step.startsWith(`after ${name} of `) && step.includes(` ${kind} `),
      );
      expect(steps, `killed after ${name} of ${kind}`).not.toEqual([]);
    }
  }

  const books = await readBooks(project.folder);
  expect(books.accounts).toHaveLength(1);
  expect(books.paymentTokens).toHaveLength(1);
  expect(books.domains).toHaveLength(1);
  expect(books.charges).toHaveLength(1);

  const status = await runCli(["status", "--json"], { cwd: project.folder });
  const { data } = JSON.parse(status.stdout) as {
    data: { money: { spent: string; held: string } };
  };
  expect(data.money).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });

  const again = await runCli(["preview", "--json"], { cwd: project.folder });
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, data: { changes: 0 } });
  console.log(
    `killed at ${struck.size} steps; the books show one of each and one charge of 10.44 USD`,
  );
});
