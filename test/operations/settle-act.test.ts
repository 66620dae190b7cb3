import { join } from "node:path";
import { expect, it } from "vitest";
import { listOpenDoubts } from "../../src/operations/list-doubts.ts";
import { settleAct } from "../../src/operations/settle-act.ts";
import { showBudget } from "../../src/operations/show-budget.ts";
import { statusProject } from "../../src/operations/status-project.ts";
import { readSandboxFile } from "../../src/sandbox/sandbox-file.ts";
import { begin, prepareArena, prepareToBuy } from "../support/arena-session.ts";
import { copyToLive } from "../support/copy-to-live.ts";
import { runCli } from "../support/run-cli.ts";

/** A domain was ordered from a sandbox whose registrar has answered 500 to everything from then on. */
async function prepareDoubt() {
  const arena = await prepareArena();
  const { root, open } = arena;
  const session = await begin(open());
  const buy = await prepareToBuy(session);
  const file = readSandboxFile(join(root, ".supercargo", "sandbox"));
  const faults = (method: "POST" | "DELETE", rule?: object) =>
    fetch(`${file?.controlUrl}/sandbox/faults`, {
      method,
      headers: { "x-sandbox-admin": file?.adminToken ?? "", "content-type": "application/json" },
      ...(rule === undefined ? {} : { body: JSON.stringify(rule) }),
    });
  const match = { method: "POST", path: "/registrar/registrations$" };
  await faults("POST", { match, kind: "status500-after", times: null });
  await faults("POST", {
    match: { path: "/registrar/registrations/" },
    kind: "status500",
    // Whether it is there already takes two looks.
    nth: 3,
    times: null,
  });
  expect(await buy("first-shop")).toMatchObject({ ok: false, code: "outcome_unknown" });
  await session.close();
  return { ...arena, clear: () => faults("DELETE") };
}

it("lists what has no answer, and budget and status name the command", async () => {
  const { workplace, root } = await prepareDoubt();
  expect(await listOpenDoubts(workplace, {})).toMatchObject({
    data: { doubts: [{ object: "first-shop.com", held: "10.44 USD", attempts: 1 }] },
  });
  for (const shown of [await showBudget(workplace, {}), await statusProject(workplace, {})])
    expect(shown.nextSteps).toContain("npx supercargo settle");
  const { stdout, code } = await runCli(["settle"], { cwd: root });
  expect([code, stdout]).toEqual([0, expect.stringContaining("first-shop.com")]);
});

it("gives no money of a live stack back for `--yes`, which an agent could give: a person must type it", async () => {
  const { folder, root } = await prepareDoubt();
  copyToLive(root, folder);
  const settle = ["settle", "first-shop", "--happened", "--amount", "0.00 USD"];
  const refused = await runCli([...settle, "--stack", "prod", "--yes", "--json"], { cwd: root });
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: "not-confirmed", remedy: expect.stringContaining("on a terminal") },
  });
  expect(refused.code).toBe(3);
});

it("settles by the provider's answer where it has one, else only after a person confirms", async () => {
  const { workplace, clear } = await prepareDoubt();
  const settle = (claim: "happened" | "never-happened", answer: boolean, amount?: string) =>
    settleAct(workplace, { act: "first-shop", claim, amount, confirm: async () => answer });
  expect(await settle("happened", false)).toMatchObject({
    failure: { kind: "person", code: "not-confirmed" },
  });
  expect(await settle("never-happened", true)).toMatchObject({ failure: { code: "too-early" } });
  expect(await settle("happened", true, "10.45 USD")).toMatchObject({
    failure: { code: "amount-above-hold" },
  });
  expect(await settle("never-happened", true, "10.44 USD")).toMatchObject({
    failure: { kind: "usage", code: "bad-amount" },
  });
  expect(
    await settleAct(workplace, { act: "other", claim: "happened", confirm: async () => true }),
  ).toMatchObject({ failure: { kind: "usage", code: "no-such-doubt" } });
  await clear();
  expect(await settle("never-happened", false)).toMatchObject({
    data: { outcome: "happened", by: "provider", captured: "10.44 USD" },
    warnings: [expect.stringContaining("not your word")],
  });
  expect(await listOpenDoubts(workplace, {})).toMatchObject({ data: { doubts: [] } });
});

it("takes a person's word on the command line with --yes, and asks nobody without a terminal", async () => {
  const { root, open } = await prepareDoubt();
  const run = (...args: string[]) =>
    runCli(["settle", "first-shop", ...args, "--json"], { cwd: root });
  expect((await run("--happened")).code).toBe(3);
  expect((await run("--happened", "--never-happened")).code).toBe(2);
  const done = await run("--happened", "--amount", "10.00 USD", "--yes");
  expect([done.code, JSON.parse(done.stdout)]).toMatchObject([
    0,
    { data: { by: "person", captured: "10.00 USD", released: "0.44 USD" } },
  ]);
  const session = await begin(open());
  expect((await session.broker.summary()).open).toEqual([]);
  await session.close();
});
