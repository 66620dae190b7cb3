import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journal, readJournal, writeJournal } from "../../src/migration/journal.ts";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const WHOLE_MS = 1_800_000;
const POLL_MS = 20;
const ORDERS = 30;
let project: Project;
beforeAll(() => {
  project = makeProject("storefront");
});
afterAll(() => project.remove());

const MIGRATE = ["migrate", "--to", "container", "--person", "--yes", "--json"];
const journal = (): Journal | undefined =>
  readJournal(join(project.folder, ".supercargo"), { project: "storefront", stack: "local" });

async function command(...args: readonly string[]) {
  const run = await runCli([...args, "--json"], { cwd: project.folder });
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const envelope = readEnvelope(run.stdout);
  return (envelope.ok ? envelope.data : {}) as Readonly<Record<string, unknown>>;
}

const PHASES: readonly Journal["phase"][] = ["create", "copy", "verify", "switch", "retire"];
/** A fast machine may be a phase further by the time of the kill, and the next run begins with that one. */
const hasBegun =
  (phase: Journal["phase"]) =>
  (state: Journal): boolean =>
    PHASES.indexOf(state.phase) >= PHASES.indexOf(phase);

/** Runs the migration until the journal is as it is waited for, and some time more of the same phase, and kills it. */
async function killWhen(isReached: (state: Journal) => boolean, moreMs = 0): Promise<void> {
  const { child, done } = startCli(MIGRATE, { cwd: project.folder });
  let isOver = false;
  void done.then(() => {
    isOver = true;
  });
  let reached: Journal | undefined;
  while (reached === undefined) {
    const state = journal();
    if (state !== undefined && isReached(state)) reached = state;
    else if (isOver)
      throw new Error(`it ended before it was killed: ${JSON.stringify(await done)}`);
    else await sleep(POLL_MS);
  }
  const end = performance.now() + moreMs;
  while (performance.now() < end && journal()?.phase === reached.phase) await sleep(POLL_MS);
  child.kill("SIGKILL");
  expect((await done).code).toBeNull();
}

test("a migration that is killed in each of its phases goes on, and the shop has all its orders at the new place", {
  timeout: WHOLE_MS,
}, async () => {
  const { urls } = (await command("up")) as {
    readonly urls: readonly { readonly local: string }[];
  };
  const shop = urls[0]?.local ?? "";
  const links: string[] = [];
  const order = async (): Promise<void> => {
    const json = { product: "lantern", quantity: 2, email: "visitor@example.com" };
    const answer = await visitApp(`${shop}api/orders`, { method: "POST", json });
    links.push((JSON.parse(answer.body) as { readonly link: string }).link);
  };
  for (let n = 0; n < ORDERS; n++) await order();
  expect((await visitApp(`${shop}media/compass`)).status).toBe(200);

  await killWhen(hasBegun("create"), 9_000);
  await killWhen(hasBegun("copy"));
  // Nothing was lost up to here: the old place answers.
  expect((await visitApp(new URL(links[0] ?? "", shop).href)).status).toBe(200);
  await killWhen(hasBegun("verify"));
  await killWhen(({ namesLeft }) => namesLeft);
  await killWhen(({ started }) => started);
  await killWhen(hasBegun("retire"), 4_000);
  // As if it had been killed between the start of the apps and the last note: what is written at the new place by then stays.
  await order();
  const left = journal();
  if (left === undefined) throw new Error("no journal");
  writeJournal(join(project.folder, ".supercargo"), { ...left, phase: "switch" });

  const { checked } = (await command(...MIGRATE.slice(0, -1))) as {
    readonly checked: Readonly<Record<string, number>>;
  };
  expect(checked).toEqual({ orders: ORDERS, media: 1 });
  expect(journal()).toMatchObject({ phase: "done" });
  for (const link of links) {
    const answer = await visitApp(new URL(link, shop).href);
    // The receipts were written before the queue was left, and the links are good: the secret moved inside the broker.
    expect(JSON.parse(answer.body)).toMatchObject({ order: { status: "confirmed" } });
  }
  const text = readFileSync(join(project.folder, "supercargo.yaml"), "utf8");
  expect(text).toContain("local: { provider: container }");
  expect((await command("up")).changes).toBe(0);

  const again = await runCli(MIGRATE, { cwd: project.folder });
  expect(readEnvelope(again.stdout)).toMatchObject({
    ok: false,
    error: { code: "nothing-to-move" },
  });
});
