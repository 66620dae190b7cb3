import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openLogFile } from "../../src/log/log-file.ts";

it("two writers of one table, one after the other and across, leave each entry once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sc-log-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "events.jsonl");
  const table = ["0", "1"];
  const source = {
    size: async () => table.length,
    entries: async (from: number) => table.slice(from),
  };
  const older = openLogFile(source, path);
  await older.export();
  table.push("2", "3");
  const newer = openLogFile(source, path);
  await newer.export();
  await older.export();
  table.push("4");
  await Promise.all([newer.export(), older.export()]);
  expect(readFileSync(path, "utf8")).toBe("0\n1\n2\n3\n4\n");
  await openLogFile(source, path).export();
});
