import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLog } from "../../src/log/read-log.ts";
import { claimAccount } from "../../src/operations/claim-account.ts";
import type { Confirmation } from "../../src/operations/confirmation.ts";
import { freezeSpending } from "../../src/operations/freeze-spending.ts";
import { takeTurn } from "../../src/operations/take-turn.ts";
import { askFor, begin, prepareArena } from "../support/arena-session.ts";
import { copyToLive } from "../support/copy-to-live.ts";
import { runCli } from "../support/run-cli.ts";

const ACCOUNT = "arena/local/cloudflare/account";

/** An account of nobody, and what asks for its link. */
async function prepareUnclaimed() {
  const arena = await prepareArena();
  const session = await begin(arena.open());
  const made = await askFor(session, "account", "cloudflare.account", {
    ...{ provider: "cloudflare", orchestrators: ["cloudflare"], agent: "mallory" },
    principal: "owner@example.com",
  });
  expect(made).toMatchObject({ ok: true });
  await session.close();
  const home = join(arena.root, ".supercargo");
  const file = join(arena.folder, "link");
  const claim = (output = file) =>
    claimAccount(arena.workplace, { account: ACCOUNT, output, confirm: async () => true });
  const isShown = () => readLog(home).some(({ name }) => name === "claim-link-shown");
  return { ...arena, home, file, claim, isShown };
}

it("writes the link into a new file that its owner alone reads, and logs it", async () => {
  const { file, claim, isShown, root } = await prepareUnclaimed();
  // Nothing is shown that can't be written down.
  const inVain = await claim(join(root, "no-such-folder", "link"));
  expect(inVain).toMatchObject({ failure: { code: "not-written" } });
  expect(isShown()).toBe(false);
  expect(await claim()).toMatchObject({ ok: true, data: { file } });
  expect(readFileSync(file, "utf8")).toMatch(/^http\S+\n$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(isShown()).toBe(true);
  expect(await claim()).toMatchObject({ failure: { code: "not-written" } });
});

it("promise 9: writes no link of a live stack for `--yes`, which an agent could give: a person must type it", async () => {
  const { root, folder, workplace, file, isShown } = await prepareUnclaimed();
  copyToLive(root, folder);
  const words = ["claim", ACCOUNT, "--output-file", file, "--yes", "--json"];
  const refused = await runCli([...words, "--stack", "prod"], { cwd: root });
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: "not-confirmed", remedy: expect.stringContaining("on a terminal") },
  });
  expect([existsSync(file), isShown()]).toEqual([false, false]);
  const asked: Confirmation[] = [];
  for (const stack of ["prod", "local"])
    await claimAccount(workplace, {
      ...{ account: ACCOUNT, output: file, stack },
      async confirm(by) {
        asked.push(by);
        return false;
      },
    });
  expect(asked).toEqual([{ typed: true }, { typed: false }]);
});

it("promise 8: shows no link during a freeze, and leaves no file", async () => {
  const { workplace, file, claim, isShown } = await prepareUnclaimed();
  await freezeSpending(workplace, {});
  expect(await claim()).toMatchObject({ failure: { kind: "refused", code: "frozen" } });
  expect([existsSync(file), isShown()]).toEqual([false, false]);
});

it("promise 9: shows no link where the guardrails forbid people to claim", async () => {
  const { root, file, claim } = await prepareUnclaimed();
  const path = join(root, "guardrails.yaml");
  const rule = "{ effect: forbid, subject: human, verbs: [claim] }";
  writeFileSync(path, `${readFileSync(path, "utf8")}permissions:\n  - ${rule}\n`);
  expect(await claim()).toMatchObject({ failure: { code: "not-permitted" } });
  expect(existsSync(file)).toBe(false);
});

it("promise 2: shows no link from an older copy of the ledger", async () => {
  const { folder, home, file, claim, open } = await prepareUnclaimed();
  const backup = join(folder, "backup");
  cpSync(home, backup, { recursive: true, filter: (path) => !path.includes("sandbox") });
  await (await begin(open())).close();
  for (const name of [
    ...["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "log", "seen.json"],
  ])
    rmSync(join(home, name), { recursive: true, force: true });
  cpSync(backup, home, { recursive: true });
  expect(await claim()).toMatchObject({ failure: { code: "ledger-rolled-back" } });
  expect(existsSync(file)).toBe(false);
});

it("waits for whoever has the turn", async () => {
  const { root, workplace, claim } = await prepareUnclaimed();
  let isOver = false;
  const { promise: taken, resolve: isTaken } = Promise.withResolvers<void>();
  const turn = takeTurn(workplace, root, async () => {
    isTaken();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    isOver = true;
  });
  await taken;
  expect(await claim()).toMatchObject({ ok: true });
  expect(isOver).toBe(true);
  await turn;
});
