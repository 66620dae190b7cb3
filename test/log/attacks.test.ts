import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LogEntry } from "../../src/log/event.ts";
import { logFolder, logPath, readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createBench, grant, makeHome, refuse, requests, setUp } from "../broker/fakes/bench.ts";
import { createBenchWitness, forgeLog } from "./fakes.ts";

/** A home with a purchase in it, witnessed to its end. */
async function writeHome() {
  const bench = createBench();
  const witness = createBenchWitness();
  const broker = await bench.open(witness);
  await broker.beginRun("first");
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  await broker.close();
  return { ...bench, witness, account, payment };
}

type Home = Awaited<ReturnType<typeof writeHome>>;
type Entries = readonly Readonly<Record<string, unknown>>[];

/** Whoever holds the home also forges the mark of how far the ledger was seen. */
const forgetSeen = (home: string): void => rmSync(join(home, "seen.json"));

const entriesOf = (home: string): Entries => readLog(home) as unknown as Entries;

/** Each takes the entries and two numbers that choose places; answers with a different history. */
const ATTACKS: Readonly<Record<string, (entries: Entries, a: number, b: number) => Entries>> = {
  truncate: (entries, a) => entries.slice(0, a % entries.length),
  reorder(entries, a, b) {
    const left = a % (entries.length - 1);
    const right = left + 1 + (b % (entries.length - 1 - left));
    const changed = [...entries];
    [changed[left], changed[right]] = [
      { ...entries[right], at: entries[left]?.at },
      { ...entries[left], at: entries[right]?.at },
    ];
    return changed;
  },
  rewrite: (entries, a) =>
    entries.map((entry, at) => (at === a % entries.length ? { ...entry, code: "forged" } : entry)),
  remove: (entries, a) => entries.toSpliced(a % entries.length, 1),
  insert: (entries, a) =>
    entries.toSpliced(a % entries.length, 0, { ...entries[a % entries.length], code: "forged" }),
  "rewrite and go on": (entries, a) => {
    const forged = entries.map((entry, at) =>
      at === a % entries.length ? { ...entry, code: "forged" } : entry,
    );
    return [...forged, ...forged.slice(-3).map((entry) => ({ ...entry, at: entries.at(-1)?.at }))];
  },
};

describe("promise 18: who holds the home and the log's key", () => {
  it.each(Object.keys(ATTACKS))(
    "cannot %s entries without the witness showing it, in any place",
    async (name) => {
      const { home, witness } = await writeHome();
      const trust = witness.trust(home);
      expect(verifyLog(home, trust)).toMatchObject({ ok: true, unsealed: 0 });
      const entries = entriesOf(home);
      const copy = makeHome();
      onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), async (a, b) => {
          rmSync(copy, { recursive: true, force: true });
          cpSync(home, copy, { recursive: true });
          await forgeLog(copy, ATTACKS[name]?.(entries, a, b) ?? []);
          // From inside nothing can be seen: all copies agree, and the signature is good.
          expect(verifyLog(copy).findings).toEqual([]);
          const { findings } = verifyLog(copy, trust);
          const codes = new Set(findings.map(({ code }) => code));
          expect(codes.has("witness_ahead") || codes.has("witness_differs")).toBe(true);
          expect(codes.has("not_witnessed")).toBe(true);
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(Object.keys(ATTACKS))("buys nothing after an attempt to %s", async (name) => {
    const bench = await writeHome();
    const { home, world, witness } = bench;
    await forgeLog(home, ATTACKS[name]?.(entriesOf(home), 3, 5) ?? []);
    // The last entry may be where it was; in every other case the mark alone stops it.
    if (name !== "rewrite") await expect(bench.open(witness)).rejects.toThrow("ledger_rolled_back");
    forgetSeen(home);
    const broker = await bench.open(witness);
    const calls = world.calls.get("registerDomain");
    const more = requests.domain(bench.account, bench.payment, { domain: "more.com" }, "more");
    expect(["log_forked", "log_rolled_back"]).toContain(await refuse(broker, more));
    expect(world.calls.get("registerDomain")).toBe(calls);
    await broker.close();
  });
});

describe("promise 18: an older copy of the whole home", () => {
  async function rollBack(bench: Home): Promise<void> {
    const backup = makeHome();
    onTestFinished(() => rmSync(backup, { recursive: true, force: true }));
    cpSync(bench.home, backup, { recursive: true });
    const broker = await bench.open(bench.witness);
    await broker.beginRun("second");
    await grant(broker, requests.secret());
    await broker.close();
    rmSync(bench.home, { recursive: true });
    cpSync(backup, bench.home, { recursive: true });
  }

  it("is seen by log verify with the witness, and by nothing else", async () => {
    const bench = await writeHome();
    await rollBack(bench);
    expect(verifyLog(bench.home).ok).toBe(true);
    const { findings } = verifyLog(bench.home, bench.witness.trust(bench.home));
    expect(findings).toEqual([{ code: "witness_ahead" }]);
  });

  it("lets nothing be bought, while power can still be taken away", async () => {
    const bench = await writeHome();
    await rollBack(bench);
    const { world } = bench;
    const broker = await bench.open(bench.witness);
    await broker.beginRun("third");
    const more = requests.domain(bench.account, bench.payment, { domain: "more.com" }, "more");
    expect(await refuse(broker, more)).toBe("log_rolled_back");
    expect(world.domains).toHaveLength(1);
    const answer = await broker.handle({
      ...{ verb: "delete", kind: "payment-token", id: bench.payment },
      identity: requests.payment(bench.account).identity,
    });
    expect(answer).toEqual({ ok: true, gone: true });
    expect(world.paymentTokens.every(({ status }) => status === "revoked")).toBe(true);
    await broker.close();
  });

  it("used beside the original is a fork, and one of the two stops", async () => {
    const bench = await writeHome();
    const twin = makeHome();
    onTestFinished(() => rmSync(twin, { recursive: true, force: true }));
    cpSync(bench.home, twin, { recursive: true });
    const first = await bench.open(bench.witness);
    await first.beginRun("original");
    await grant(first, requests.secret());
    await first.close();
    const second = await bench.open({ ...bench.witness, home: twin });
    for (const run of ["a", "b", "c", "d", "e"]) await second.beginRun(run);
    expect(await refuse(second, requests.secret())).toBe("log_forked");
    await second.close();
  });
});

describe("promise 18: a log that was witnessed once", () => {
  it("is never sealed again without a witness, while power can still be taken away", async () => {
    const bench = await writeHome();
    const { home, witness, world } = bench;
    const broker = await bench.open();
    const more = requests.domain(bench.account, bench.payment, { domain: "more.com" }, "more");
    expect(await refuse(broker, more)).toBe("witness_unreachable");
    expect(world.domains).toHaveLength(1);
    expect(await broker.freeze("all", "drill")).toBeUndefined();
    await broker.close();
    const { ok, unsealed } = verifyLog(home, witness.trust(home));
    expect([ok, unsealed > 0]).toEqual([true, true]);
    await (await bench.open(witness)).close();
    expect(verifyLog(home, witness.trust(home))).toMatchObject({ ok: true, unsealed: 0 });
  });
});

describe("promise 18: who holds no key", () => {
  function listFiles(home: string): readonly string[] {
    return readdirSync(logFolder(home), { recursive: true, encoding: "utf8" })
      .map((name) => join(logFolder(home), name))
      .filter((path) => statSync(path).isFile());
  }

  it("cannot change a byte of any file of the log unseen", async () => {
    const { home, witness } = await writeHome();
    const trust = witness.trust(home);
    for (const path of listFiles(home)) {
      const whole = readFileSync(path);
      fc.assert(
        fc.property(
          fc.nat({ max: whole.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          (at, flip) => {
            const bytes = Buffer.from(whole);
            bytes[at] = (bytes[at] ?? 0) ^ flip;
            writeFileSync(path, bytes);
            return !verifyLog(home, trust).ok;
          },
        ),
        { numRuns: path === logPath(home) ? 200 : 25 },
      );
      writeFileSync(path, whole);
    }
    expect(verifyLog(home, trust).ok).toBe(true);
  });

  it("cannot take a file away, add one or cut one short unseen", async () => {
    const { home, witness } = await writeHome();
    const trust = witness.trust(home);
    const { size = 0 } = verifyLog(home).checkpoint ?? {};
    for (const path of listFiles(home)) {
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, whole.length - 1));
      expect(verifyLog(home, trust).ok, path).toBe(false);
      writeFileSync(path, Buffer.concat([whole, Buffer.of(10)]));
      expect(verifyLog(home, trust).ok, path).toBe(false);
      writeFileSync(path, whole);
      // Partial tiles of smaller trees may be missed: what is there now does not need them.
      if (/\.p\/\d+$/.test(path) && !path.endsWith(`/${size}`)) continue;
      rmSync(path);
      expect(verifyLog(home, trust).ok, path).toBe(false);
      writeFileSync(path, whole);
    }
    writeFileSync(join(logFolder(home), "tile/0/999"), "");
    expect(verifyLog(home, trust).findings).toContainEqual({
      code: "wrong_tile",
      file: "tile/0/999",
    });
  });

  it("cannot pass another log off for this one", async () => {
    const first = await writeHome();
    const trust = first.witness.trust(first.home);
    const second = await writeHome();
    const codes = verifyLog(second.home, trust).findings.map(({ code }) => code);
    expect(codes).toContain("other_key");
    expect(codes).toContain("bad_checkpoint");
  });
});

describe("what a crash leaves", () => {
  it("is mended from the ledger by the next opening", async () => {
    const bench = await writeHome();
    const { home, witness } = bench;
    for (const name of ["tile", "events.jsonl", "checkpoint", "verifier-key"]) {
      rmSync(join(logFolder(home), name), { recursive: true });
      expect(verifyLog(home).ok).toBe(false);
      await (await bench.open(witness)).close();
      expect(verifyLog(home, witness.trust(home)).findings).toEqual([]);
    }
    for (const path of ["tile/0/000.p", "tile/entries/000.p"]) {
      const folder = join(logFolder(home), path);
      for (const width of readdirSync(folder)) writeFileSync(join(folder, width), "torn");
      await (await bench.open(witness)).close();
      rmSync(folder, { recursive: true });
      await (await bench.open(witness)).close();
      expect(verifyLog(home, witness.trust(home)).findings).toEqual([]);
    }
  });

  it("is refused where the ledger is not what was signed", async () => {
    const bench = await writeHome();
    const { home } = bench;
    const checkpoint = readFileSync(join(logFolder(home), "checkpoint"));
    const forged = entriesOf(home).map((entry, at) => (at === 2 ? { ...entry, code: "x" } : entry));
    await forgeLog(home, forged as unknown as readonly LogEntry[] as never);
    writeFileSync(join(logFolder(home), "checkpoint"), checkpoint);
    forgetSeen(home);
    const broker = await bench.open(bench.witness);
    expect(await refuse(broker, requests.secret())).toBe("log_contradicted");
    writeFileSync(join(logFolder(home), "checkpoint"), "nonsense\n");
    expect(await refuse(broker, requests.secret())).toBe("log_contradicted");
    await broker.close();
  });
});
