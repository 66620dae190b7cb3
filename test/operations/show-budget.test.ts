import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { showBudget } from "../../src/operations/show-budget.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";

it("the month of an empty ledger is that of the workplace's clock", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "sc-budget-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  cpSync(join(PROJECT_ROOT, "templates/minimal"), cwd, { recursive: true });
  const shown = await showBudget(
    {
      ...{ cwd, env: {}, signal: new AbortController().signal },
      progress: { step: () => undefined, note: () => undefined, show: () => undefined },
      now: () => Date.parse("2031-02-28T23:59:59.999Z"),
    },
    {},
  );
  expect(shown).toMatchObject({ ok: true, data: { month: "2031-02", lines: [] } });
});
