import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { killVictim, VICTIMS, type Victim } from "../crash/victims.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { makeProject } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli, startCli } from "../support/run-cli.ts";

/** Real kills to reach; `SUPERCARGO_KILLS` changes it. */
const KILLS = Number(process.env.SUPERCARGO_KILLS ?? "100");
/** Milliseconds after the start within which a run is killed; one undisturbed `up` takes seven to eight seconds on a quiet machine. */
const LATEST_MS = 6_000;

/** One project's life: `up` is killed again and again, until one run gets through. Answers with the number of kills. */
async function liveThrough(): Promise<number> {
  const project = makeProject("storefront");
  try {
    for (let kills = 0; ; kills++) {
      const { child, done } = startCli(["up", "--json"], { cwd: project.folder });
      const victim = VICTIMS[randomInt(VICTIMS.length)] as Victim;
      const isOver = done.then(() => true);
      const wasOver = await Promise.race([isOver, sleep(randomInt(LATEST_MS)).then(() => false)]);
      const struck = !wasOver && killVictim(victim, child.pid ?? 0);
      const run = await done;
      if (struck) continue;
      expect(run.code, run.stdout + run.stderr).toBe(0);
      const { accounts, paymentTokens, domains, charges } = await readBooks(project.folder);
      expect([accounts, paymentTokens, domains, charges].map(({ length }) => length)).toEqual([
        1, 1, 1, 1,
      ]);
      const status = await runCli(["status", "--json"], { cwd: project.folder });
      expect(JSON.parse(status.stdout)).toMatchObject({
        data: { money: { spent: "10.44 USD", held: "0.00 USD" } },
      });
      return kills;
    }
  } finally {
    await project.remove();
  }
}

it(`promise 4: no orphan: ${KILLS} kills of any process at random moments make nothing twice`, async ({
  task,
}) => {
  let kills = 0;
  let lives = 0;
  while (kills < KILLS) {
    kills += await liveThrough();
    lives += 1;
    console.log(`${kills} kills of ${KILLS}, ${lives} lives, nothing twice`);
  }
  noteFigure(task, `${kills} random kills in ${lives} lives, nothing twice`);
});
