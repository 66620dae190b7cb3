import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { createBenchAt } from "../broker/fakes/bench.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { runCli } from "../support/run-cli.ts";

test.each([
  ["older", -1],
  ["newer", 1],
] as const)(
  "what a ledger of an %s version says of money is not taken for nothing",
  { timeout: 300_000 },
  async (age, step) => {
    const folder = mkdtempSync(join(tmpdir(), "supercargo-version-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "supercargo.yaml"), "supercargo: [");
    const broker = await createBenchAt(join(folder, ".supercargo")).open();
    await broker.close();
    const database = new DatabaseSync(join(folder, ".supercargo", "ledger.sqlite"));
    const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
    database.exec(`PRAGMA user_version = ${version + step}`);
    database.close();
    for (const command of ["budget", "settle"]) {
      const { stdout, code } = await runCli([command, "--json"], { cwd: folder });
      expect([code, readEnvelope(stdout)]).toMatchObject([
        4,
        { ok: false, error: { code: `ledger-${age}` } },
      ]);
    }
  },
);
