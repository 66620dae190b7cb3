import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { killVictim, VICTIMS, type Victim } from "../crash/victims.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { makeProject } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { type CliRun, runCli, startCli } from "../support/run-cli.ts";

/** Real kills to reach; `SUPERCARGO_KILLS` changes it. */
const KILLS = Number(process.env.SUPERCARGO_KILLS ?? "100");
/** Milliseconds after the start within which a run is killed; one undisturbed `up` takes seven to eight seconds on a quiet machine. */
const LATEST_MS = 6_000;
/** The most runs of one life that are killed before one is let through. */
const KILLS_PER_LIFE = 8;

/** Starts `up` and kills one of its processes at a random moment; one that isn't there at that moment is tried for at another. False when the run was over first. */
async function killOnce(
  folder: string,
): Promise<{ readonly struck: boolean; readonly run: CliRun }> {
  const { child, done } = startCli(["up", "--json"], { cwd: folder });
  const isOver = done.then(() => true);
  let struck = false;
  while (!struck) {
    const wait = randomInt(LATEST_MS);
    if (await Promise.race([isOver, sleep(wait).then(() => false)])) break;
    struck = killVictim(VICTIMS[randomInt(VICTIMS.length)] as Victim, child.pid ?? 0);
  }
  return { struck, run: await done };
}

/** One project's life: `up` is killed several times, wherever it is by then, until one run is let through. Answers with the number of kills. */
async function liveThrough(): Promise<number> {
  const project = makeProject("storefront");
  try {
    const wanted = 1 + randomInt(KILLS_PER_LIFE);
    let kills = 0;
    while (kills < wanted) {
      const { struck, run } = await killOnce(project.folder);
      if (!struck) {
        expect(run.code, run.stdout + run.stderr).toBe(0);
        // Nothing is left to kill.
        break;
      }
      kills += 1;
    }
    const last = await runCli(["up", "--json"], { cwd: project.folder });
    expect(last.code, last.stdout + last.stderr).toBe(0);
    const { accounts, paymentTokens, domains, charges } = await readBooks(project.folder);
    expect([accounts, paymentTokens, domains, charges].map(({ length }) => length)).toEqual([
      1, 1, 1, 1,
    ]);
    const status = await runCli(["status", "--json"], { cwd: project.folder });
    expect(JSON.parse(status.stdout)).toMatchObject({
      data: { money: { spent: "10.44 USD", held: "0.00 USD" } },
    });
    return kills;
  } finally {
    await project.remove();
  }
}

it(`promise 4: no orphan: ${KILLS} kills of any process at random moments make nothing twice`, async ({
  task,
}) => {
  let kills = 0;
  let lives = 0;
  const start = performance.now();
  while (kills < KILLS) {
    kills += await liveThrough();
    lives += 1;
    const perMinute = ((kills * 60_000) / (performance.now() - start)).toFixed(1);
    console.log(`${kills} kills of ${KILLS}, ${lives} lives, ${perMinute} a minute, nothing twice`);
  }
  noteFigure(task, `${kills} random kills in ${lives} lives, nothing twice`);
});
