import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freezeSpending } from "../../src/operations/freeze-spending.ts";
import { begin, prepareArena, prepareToBuy } from "../support/arena-session.ts";

it("promise 2: an older copy of all of `.supercargo` begins no run, while power can still be taken away", async () => {
  const { folder, root, workplace, open } = await prepareArena();
  await (await begin(open())).close();
  const [home, backup] = [join(root, ".supercargo"), join(folder, "backup")];
  const isBooks = (path: string) => !path.includes("sandbox");
  cpSync(home, backup, { recursive: true, filter: isBooks });
  await (await begin(open())).close();
  for (const name of [
    "ledger.sqlite",
    "ledger.sqlite-wal",
    "ledger.sqlite-shm",
    "log",
    "seen.json",
  ])
    rmSync(join(home, name), { recursive: true, force: true });
  cpSync(backup, home, { recursive: true });
  for (const moment of ["at once", "after work that only takes power away"]) {
    const refused = await open();
    expect([moment, "ok" in refused && refused.failure]).toMatchObject([
      moment,
      { kind: "person", code: "ledger-rolled-back" },
    ]);
    expect(await freezeSpending(workplace, {})).toMatchObject({ ok: true });
  }
});

it("the cap per agent counts for the one who acts", async () => {
  const { open } = await prepareArena({ perAgent: { currency: "USD", minor: 1_500n } });
  const session = await begin(open());
  const buy = await prepareToBuy(session);
  expect(await buy("first-shop")).toMatchObject({ ok: true });
  const second = await buy("second-shop");
  expect(second).toMatchObject({ ok: false, code: "cap_exceeded" });
  expect(second.ok ? "" : second.message).toContain("agent/agent:mallory/");
  await session.close();
});
