import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkLedgers } from "../../src/operations/check-ledgers.ts";
import { freezeSpending, unfreezeSpending } from "../../src/operations/freeze-spending.ts";
import type { Workplace } from "../../src/operations/workplace.ts";

function prepare(env: Readonly<Record<string, string>> = {}): Workplace {
  const cwd = mkdtempSync(join(tmpdir(), "sc-ledgers-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, "supercargo.yaml"), "name: shop\n");
  return {
    ...{ cwd, env, signal: new AbortController().signal },
    progress: { step: () => undefined, note: () => undefined, show: () => undefined },
  };
}

it("tells the file, relative to the project, and who wrote it last", async () => {
  const workplace = prepare();
  expect(await checkLedgers(workplace, workplace.cwd)).toEqual([
    { name: "ledger", ok: true, found: ".supercargo/ledger.sqlite, made by the first run" },
  ]);
  await freezeSpending(workplace, {});
  const [check] = await checkLedgers(workplace, workplace.cwd);
  expect(check).toMatchObject({ name: "ledger", ok: true });
  const shape =
    /^\.supercargo\/ledger\.sqlite, fence held by writer (\d+) \(human, last at \d{4}-[^)]+Z\), nobody at work$/;
  const first = Number(shape.exec(check?.found ?? "")?.[1]);
  await unfreezeSpending(workplace, { confirm: async () => true });
  const [later] = await checkLedgers(workplace, workplace.cwd);
  expect(Number(shape.exec(later?.found ?? "")?.[1])).toBe(first + 1);
});

it("tells a file that is no ledger", async () => {
  const workplace = prepare();
  await freezeSpending(workplace, {});
  writeFileSync(
    join(workplace.cwd, ".supercargo/ledger.sqlite"),
    "no database at all, and long enough",
  );
  expect(await checkLedgers(workplace, workplace.cwd)).toMatchObject([
    { ok: false, found: expect.stringContaining("cannot be opened") },
  ]);
});

it("tells host and database of a server, whether it answers, and never user or password", async () => {
  const url = "postgres://keeper:hunter2@127.0.0.1:9/books";
  const workplace = prepare({
    SUPERCARGO_LEDGER_URL: url,
    SUPERCARGO_LOCAL_LEDGER_URL: "mysql://x",
  });
  const checks = await checkLedgers(workplace, workplace.cwd);
  expect(checks).toMatchObject([
    { name: "ledger", ok: false, found: expect.stringContaining("SUPERCARGO_LOCAL_LEDGER_URL") },
    {
      name: "ledger of live stacks",
      ok: false,
      found: "PostgreSQL at 127.0.0.1:9, database books, which cannot be opened",
    },
  ]);
  expect(JSON.stringify(checks)).not.toMatch(/keeper|hunter2/);
});
