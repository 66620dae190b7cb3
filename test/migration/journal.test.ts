import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Journal, readJournal, writeJournal } from "../../src/migration/journal.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "supercargo-journal-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const JOURNAL: Journal = {
  ...{ format: 2, project: "shop", stack: "local", from: "cloudflare", to: "container" },
  ...{ phase: "retire", namesLeft: true, started: true, checked: { orders: 3 } },
  content: { data: [], queues: [], unconsumed: [], apps: ["shop"], webs: ["shop"] },
};

it("is one stack's of one project", () => {
  writeJournal(home, JOURNAL);
  expect(readJournal(home, JOURNAL)).toEqual(JOURNAL);
  expect(readJournal(home, { project: "other", stack: "local" })).toBeUndefined();
  expect(readJournal(home, { project: "shop", stack: "prod" })).toBeUndefined();
});
