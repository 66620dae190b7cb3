import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLogSink } from "../../src/alerts/sinks/log-sink.ts";
import { blockingAlert, testAlert } from "./arbitraries.ts";
import { describeSink } from "./sink-conformance.ts";

const idsIn = (path: string): readonly string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => String(JSON.parse(line).id));

async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-alerts-"));
  const path = join(folder, "home", "alerts.jsonl");
  return {
    path,
    sink: createLogSink(path, { counts: true }),
    async set(mood: string) {
      rmSync(join(folder, "home"), { recursive: true, force: true });
      // A file where the folder should be: nothing can be written below it, not even by root.
      if (mood === "down") writeFileSync(join(folder, "home"), "");
    },
    kept: () => (statSync(path, { throwIfNoEntry: false }) === undefined ? [] : idsIn(path)),
    secrets: [],
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

describeSink("log", openWorld, {
  refusing: "a file refuses only by failing",
  hanging: "a file does not hang",
});

test("the log is readable by its owner alone, and takes away a line that a crash cut off", async () => {
  const world = await openWorld();
  await world.sink.deliver(testAlert("a"));
  expect(statSync(world.path).mode & 0o777).toBe(0o600);
  writeFileSync(world.path, `${readFileSync(world.path, "utf8")}{"id":"alert_cut`);
  await world.sink.deliver(blockingAlert());
  expect(idsIn(world.path)).toEqual([testAlert("a").id, blockingAlert().id]);
  await world.close();
});
