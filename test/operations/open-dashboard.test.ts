import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLog } from "../../src/log/read-log.ts";
import { freezeSpending } from "../../src/operations/freeze-spending.ts";
import { openDashboard } from "../../src/operations/open-dashboard.ts";
import { askFor, begin, prepareArena } from "../support/arena-session.ts";
import { copyToLive } from "../support/copy-to-live.ts";
import { runCli } from "../support/run-cli.ts";

const ACCOUNT = "arena/local/cloudflare/account";

/** An account that an orchestrator vouches for, and what asks for the way into its dashboard. */
async function prepareAccount(orchestrator = "stripe") {
  const arena = await prepareArena();
  const session = await begin(arena.open());
  const made = await askFor(session, "account", "cloudflare.account", {
    ...{ provider: "cloudflare", orchestrators: [orchestrator], agent: "mallory" },
    principal: "owner@example.com",
  });
  expect(made).toMatchObject({ ok: true });
  await session.close();
  const home = join(arena.root, ".supercargo");
  const file = join(arena.folder, "link");
  const open = (output = file) =>
    openDashboard(arena.workplace, { account: ACCOUNT, output, confirm: async () => true });
  const isShown = () => readLog(home).some(({ name }) => name === "dashboard-link-shown");
  return { ...arena, file, openDashboard: open, isShown };
}

it("writes a link that signs in once into a file that its owner alone reads, and logs it", async () => {
  const { file, openDashboard: open, isShown, folder } = await prepareAccount();
  expect(await open()).toMatchObject({ ok: true, data: { file } });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(isShown()).toBe(true);
  const link = readFileSync(file, "utf8").trim();
  const pages = [await fetch(link), await fetch(link)];
  expect(pages.map(({ status }) => status)).toEqual([200, 410]);
  expect(await open()).toMatchObject({ failure: { code: "not-written" } });
  expect(await open(join(folder, "another"))).toMatchObject({ ok: true });
  expect(readFileSync(join(folder, "another"), "utf8").trim()).not.toBe(link);
});

it("leaves no file where there is no such link", async () => {
  const { file, openDashboard: open, isShown } = await prepareAccount("cloudflare");
  expect(await open()).toMatchObject({ failure: { code: "no-dashboard" } });
  expect([existsSync(file), isShown()]).toEqual([false, false]);
});

it("promise 9: opens no dashboard of a live stack for `--yes`, which an agent could give", async () => {
  const { root, folder, file, isShown } = await prepareAccount();
  copyToLive(root, folder);
  const words = ["dashboard", ACCOUNT, "--output-file", file, "--yes", "--json"];
  const refused = await runCli([...words, "--stack", "prod"], { cwd: root });
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "not-confirmed" } });
  expect([existsSync(file), isShown()]).toEqual([false, false]);
});

it("promise 9: opens no dashboard where the guardrails forbid people to claim", async () => {
  const { root, file, openDashboard: open } = await prepareAccount();
  const path = join(root, "guardrails.yaml");
  const rule = "{ effect: forbid, subject: human, verbs: [claim] }";
  writeFileSync(path, `${readFileSync(path, "utf8")}permissions:\n  - ${rule}\n`);
  expect(await open()).toMatchObject({ failure: { code: "not-permitted" } });
  expect(existsSync(file)).toBe(false);
});

it("promise 8: opens no dashboard during a freeze", async () => {
  const { workplace, file, openDashboard: open, isShown } = await prepareAccount();
  await freezeSpending(workplace, {});
  expect(await open()).toMatchObject({ failure: { kind: "refused", code: "frozen" } });
  expect([existsSync(file), isShown()]).toEqual([false, false]);
});
