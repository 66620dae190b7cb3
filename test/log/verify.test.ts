import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_NAMES } from "../../src/log/event.ts";
import { logPath, readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createBench, grant, requests, setUp } from "../broker/fakes/bench.ts";

async function writeHome(): Promise<string> {
  const { open, home } = createBench();
  const broker = await open();
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  await broker.close();
  return home;
}

describe("the log", () => {
  it("is the same in both copies and has no holes", async () => {
    const home = await writeHome();
    const entries = readLog(home);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, n) => n));
    expect(entries.every(({ name }) => EVENT_NAMES.includes(name))).toBe(true);
    expect(verifyLog(home)).toMatchObject({ ok: true, size: entries.length });
    expect(readLog(home, 5)[0]?.sequence).toBe(5);
  });

  it("has the Merkle tree head of RFC 6962", async () => {
    const { home, open } = createBench();
    expect(verifyLog(home)).toMatchObject({
      ok: true,
      root: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    });
    const broker = await open();
    await broker.beginRun("only");
    const [line = ""] = readFileSync(logPath(home), "utf8").split("\n");
    const leaf = Buffer.concat([Buffer.of(0), Buffer.from(line)]);
    const digest = await crypto.subtle.digest("SHA-256", leaf);
    expect(verifyLog(home).root).toBe(Buffer.from(digest).toString("hex"));
  });

  it("shows every change of a byte", async () => {
    const home = await writeHome();
    const whole = readFileSync(logPath(home));
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const bytes = Buffer.from(whole);
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          writeFileSync(logPath(home), bytes);
          return !verifyLog(home).ok;
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ["a line that is gone", (lines) => lines.toSpliced(3, 1)],
    ["two lines exchanged", (lines) => lines.toSpliced(2, 2, lines[3] ?? "", lines[2] ?? "")],
    ["a line twice", (lines) => lines.toSpliced(2, 0, lines[2] ?? "")],
    ["the newest line gone", (lines) => lines.slice(0, -1)],
    ["a line too many", (lines) => [...lines, lines.at(-1) ?? ""]],
    ["no line at all", () => []],
  ])("shows %s", async (_, change) => {
    const home = await writeHome();
    const lines = readFileSync(logPath(home), "utf8").trimEnd().split("\n");
    writeFileSync(
      logPath(home),
      change(lines)
        .map((line) => `${line}\n`)
        .join(""),
    );
    expect(verifyLog(home).ok).toBe(false);
  });

  it("shows a table that was put back, or rewritten with its file", async () => {
    const { open, home } = createBench();
    const first = await open();
    await first.beginRun("one");
    await first.close();
    copyFileSync(join(home, "ledger.sqlite"), join(home, "old.sqlite"));
    const second = await open();
    await second.beginRun("two");
    await second.close();
    copyFileSync(join(home, "old.sqlite"), join(home, "ledger.sqlite"));
    expect(verifyLog(home).findings).toContainEqual({ code: "table_short" });

    const other = await writeHome();
    const database = new DatabaseSync(join(other, "ledger.sqlite"));
    database.exec(
      "DROP TRIGGER log_unchanging; UPDATE log SET entry = replace(entry, '10.44', '99.44')",
    );
    database.close();
    const text = readFileSync(logPath(other), "utf8").replaceAll("10.44", "99.44");
    writeFileSync(logPath(other), text);
    expect(verifyLog(other).findings.map(({ code }) => code)).toContain("wrong_leaf");
  });

  it("that a crash cut off is whole again after the next act", async () => {
    const { open, home } = createBench();
    const broker = await open();
    await broker.beginRun("one");
    await broker.beginRun("two");
    await broker.close();
    const text = readFileSync(logPath(home), "utf8");
    writeFileSync(logPath(home), text.slice(0, -10));
    expect(verifyLog(home).ok).toBe(false);
    await (await open()).close();
    expect(readFileSync(logPath(home), "utf8")).toBe(text);
    expect(verifyLog(home).ok).toBe(true);
  });
});
