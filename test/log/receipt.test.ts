import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeReceipt } from "../../src/log/append/write-receipt.ts";
import { logFolder, logPath, readLog } from "../../src/log/read-log.ts";
import { verifyReceipt } from "../../src/log/verify/verify-receipt.ts";
import { createBench, grant, requests, setUp } from "../broker/fakes/bench.ts";
import { createBenchWitness, openKey } from "./fakes.ts";

const PROGRAM = fileURLToPath(new URL("../../src/log/verify/check-receipt.ts", import.meta.url));

/** Receipts of everything that a purchase wrote, and the keys to check them with. */
async function writeReceipts() {
  const bench = createBench();
  const witness = createBenchWitness();
  const broker = await bench.open(witness);
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  await broker.close();
  const folder = logFolder(bench.home);
  const checkpoint = readFileSync(join(folder, "checkpoint"), "utf8");
  const size = Number(checkpoint.split("\n")[1]);
  const lines = readFileSync(logPath(bench.home), "utf8").trimEnd().split("\n");
  const receipts = lines.map((entry, index) =>
    writeReceipt({ folder, checkpoint, size, index, entry }),
  );
  const bought = readLog(bench.home).find(({ name }) => name === "domain-registered");
  const logKey = openKey(join(bench.home, "log.key"), "log").verifierKey;
  const trust = { logKey, witnessKeys: [witness.verifierKey] };
  return {
    home: bench.home,
    lines,
    receipts,
    trust,
    receipt: receipts[bought?.sequence ?? 0] ?? "",
  };
}

describe("promise 18: a receipt", () => {
  it("proves every entry, and says which one", async () => {
    const { receipts, lines, trust } = await writeReceipts();
    for (const [index, receipt] of receipts.entries())
      expect(verifyReceipt(receipt, trust)).toMatchObject({ ok: true, index, entry: lines[index] });
  });

  it("does not hold after any change of a byte that matters", async () => {
    const { receipt, trust } = await writeReceipts();
    const whole = Buffer.from(receipt);
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 127 }),
        (at, flip) => {
          const bytes = Buffer.from(whole);
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          return !verifyReceipt(bytes.toString("utf8"), trust).ok;
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("does not hold for other keys, without a witness, or for another entry", async () => {
    const { receipt, receipts, trust } = await writeReceipts();
    const other = await writeReceipts();
    const refuses = (text: string, keys: typeof trust & { quorum?: number }) =>
      expect(verifyReceipt(text, keys).ok).toBe(false);
    refuses(receipt, other.trust);
    refuses(receipt, { ...trust, logKey: other.trust.logKey });
    refuses(receipt, { ...trust, witnessKeys: [] });
    refuses(receipt, { ...trust, witnessKeys: [trust.logKey] });
    refuses(receipt, { ...trust, quorum: 2 });
    refuses(receipt, {
      ...trust,
      witnessKeys: [...trust.witnessKeys, ...trust.witnessKeys],
      quorum: 2,
    });
    refuses(receipt, { ...trust, quorum: Number.NaN });
    refuses(receipt, { ...trust, quorum: 0, witnessKeys: [] });
    const [title, , ...rest] = receipt.split("\n");
    const swapped = [title, receipts[0]?.split("\n")[1], ...rest].join("\n");
    refuses(swapped, trust);
    refuses("", trust);
  });

  it("is checked by a program that loads nothing of ours but its own folder", async () => {
    const { home, receipt, trust } = await writeReceipts();
    const file = join(home, "r.tlog-proof");
    writeFileSync(file, receipt);
    const run = (logKey: string) =>
      spawnSync(
        process.execPath,
        [PROGRAM, file, "--log-key", logKey, "--witness-key", trust.witnessKeys[0] ?? ""],
        { encoding: "utf8", cwd: "/", env: {} },
      );
    const good = run(trust.logKey);
    expect(good.stdout).toContain('"name":"domain-registered"');
    expect(good.status).toBe(0);
    const bad = run((await writeReceipts()).trust.logKey);
    expect(bad.stderr).toBe("the receipt does not hold: it is of another log\n");
    expect(bad.status).toBe(1);
  });
});
