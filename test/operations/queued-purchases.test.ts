import { join } from "node:path";
import { expect, it } from "vitest";
import { readLog } from "../../src/log/read-log.ts";
import { queuedPurchases } from "../../src/operations/queued-purchases.ts";
import { readSandboxFile } from "../../src/sandbox/sandbox-file.ts";
import { begin, prepareArena, prepareToBuy } from "../support/arena-session.ts";
import { runCli } from "../support/run-cli.ts";

it("lists what is queued, and gives one back for whoever asks, in the log as dropped", async () => {
  const { workplace, root, open } = await prepareArena();
  const session = await begin(open());
  const buy = await prepareToBuy(session);
  const file = readSandboxFile(join(root, ".supercargo", "sandbox"));
  await fetch(`${file?.controlUrl}/sandbox/faults`, {
    method: "POST",
    headers: { "x-sandbox-admin": file?.adminToken ?? "", "content-type": "application/json" },
    body: JSON.stringify({ match: { path: "/registrar/" }, kind: "refuse", times: null }),
  });
  expect(await buy("first-shop")).toMatchObject({ code: "purchase_queued" });
  await session.close();
  expect(await queuedPurchases(workplace, {})).toMatchObject({
    data: { queued: [{ object: "first-shop.com", held: "12.00 USD" }], dropped: [] },
    nextSteps: ["npx supercargo up"],
  });
  expect(await queuedPurchases(workplace, { drop: "other" })).toMatchObject({
    failure: { kind: "usage", code: "not-queued" },
  });
  const dropped = await runCli(["queue", "drop", "first-shop"], { cwd: root });
  expect([dropped.code, dropped.stdout]).toEqual([
    ...[0, "first-shop.com dropped, 12.00 USD given back\n"],
  ]);
  expect(
    readLog(join(root, ".supercargo")).findLast(({ name }) => name === "act-abandoned"),
  ).toMatchObject({ code: "dropped", object: "first-shop.com" });
  expect(await queuedPurchases(workplace, {})).toMatchObject({ data: { queued: [] } });
});
