import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createBroker } from "../../src/broker/broker.ts";
import { SCHEMA_VERSION } from "../../src/broker/ledger/schema.ts";
import {
  CONNECTION,
  createBench,
  dollars,
  grant,
  LIMITS,
  refuse,
  requests,
  setUp,
} from "./fakes/bench.ts";
import { readSummary } from "./fakes/read-summary.ts";

describe("the home", () => {
  it("is readable by its owner alone", async () => {
    const { open, home } = createBench();
    await setUp(await open());
    for (const file of ["ledger.sqlite", "ledger.sqlite-wal", "keystore.key", "log/events.jsonl"])
      expect(statSync(join(home, file)).mode & 0o077, file).toBe(0);
  });

  it("holds no secret in clear", async () => {
    const { open, home, world } = createBench();
    const broker = await open();
    const { account } = await setUp(broker);
    const { outputs } = await grant(broker, requests.access(account));
    const secret = await grant(broker, requests.secret());
    await broker.close();
    const database = new DatabaseSync(join(home, "ledger.sqlite"), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const text = tables
      .map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM ${String(name)}`).all()))
      .join();
    database.close();
    const secrets = [
      outputs.value,
      secret.outputs.value,
      world.paymentTokens[0]?.id ?? "",
      "bearer_",
      "refresh_",
    ];
    for (const value of secrets) expect(text).not.toContain(value);
  });

  it("without its key is not opened, and no new key is made", async () => {
    const { open, home, clock } = createBench();
    await (await open()).close();
    rmSync(join(home, "keystore.key"));
    const options = { home, connection: CONNECTION, limits: LIMITS, permits: () => true, clock };
    expect(await createBroker(options)).toMatchObject({ ok: false, code: "keystore_missing" });
    expect(existsSync(join(home, "keystore.key"))).toBe(false);
    writeFileSync(join(home, "keystore.key"), new Uint8Array(32), { mode: 0o644 });
    chmodSync(join(home, "keystore.key"), 0o644);
    expect(await createBroker(options)).toMatchObject({ ok: false, code: "keystore_exposed" });
  });

  it.each([
    ["newer", 99],
    ["older", SCHEMA_VERSION - 1],
  ])("of a version that is %s is not opened", async (age, version) => {
    const { open, home, clock } = createBench();
    await (await open()).close();
    const database = new DatabaseSync(join(home, "ledger.sqlite"));
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    const options = { home, connection: CONNECTION, limits: LIMITS, permits: () => true, clock };
    expect(await createBroker(options)).toMatchObject({ ok: false, code: `ledger_${age}` });
  });

  it("can be read while a broker works there, without disturbing it", async () => {
    const { open, home, clock } = createBench();
    const broker = await open();
    await setUp(broker);
    expect(await readSummary(home, LIMITS, clock)).toEqual(await broker.summary());
    await grant(broker, requests.secret());
    expect(await readSummary(join(home, "none"), LIMITS, clock)).toBeUndefined();
  });
});

describe("the ledger's tables", () => {
  it.each([
    ["transfers", "at"],
    ["moves", "given"],
    ["log", "entry"],
    ["freezes", "at"],
  ])("let no row of %s be changed or deleted", async (table, column) => {
    const { open, home } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    await broker.freeze("all", "drill");
    await broker.close();
    const database = new DatabaseSync(join(home, "ledger.sqlite"));
    const change = `UPDATE ${table} SET ${column} = ${column}`;
    for (const sql of [change, `DELETE FROM ${table}`])
      expect(() => database.exec(sql), sql).toThrow(/immutable/);
    expect(database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.n).toBeGreaterThan(0);
    database.close();
  });
});

describe("time", () => {
  it("that runs backwards frees no money of a past month", async () => {
    const { open, clock } = createBench();
    const broker = await open({
      limits: { ...LIMITS, perProvider: dollars(1500), total: dollars(1500) },
    });
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const payment = (await grant(broker, requests.payment(account, { cap: "15.00 USD" }))).id;
    await grant(broker, requests.domain(account, payment));
    clock.advance(-40 * 86_400_000);
    const more = requests.domain(account, payment, { domain: "second-shop.com" }, "second");
    expect(await refuse(broker, more)).toBe("cap_exceeded");
    expect((await broker.summary()).month).toBe("2026-11");
  });

  it("that goes on opens the next month's caps", async () => {
    const { open, clock, world } = createBench();
    const broker = await open({ limits: { ...LIMITS, categories: { domains: dollars(1500) } } });
    await broker.beginRun("november");
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    const more = requests.domain(account, payment, { domain: "second-shop.com" }, "second");
    expect(await refuse(broker, more)).toBe("cap_exceeded");
    clock.advance(25 * 86_400_000);
    await grant(broker, more);
    expect(world.domains).toHaveLength(2);
  });
});

describe("a disk that fails", () => {
  it("lets nothing be dispatched when the log cannot be written", async () => {
    const { open, home, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    rmSync(join(home, "log"), { recursive: true });
    writeFileSync(join(home, "log"), "in the way");
    const calls = world.calls.get("registerDomain");
    expect(await refuse(broker, requests.domain(account, payment))).toBe("log_unwritable");
    expect(world.calls.get("registerDomain")).toBe(calls);
    expect(await refuse(broker, requests.secret())).toBe("log_unwritable");
    rmSync(join(home, "log"));
    mkdirSync(join(home, "log"));
    await grant(broker, requests.domain(account, payment));
    expect(world.domains).toHaveLength(1);
  });

  it("lets nothing be dispatched when the ledger is older than its log", async () => {
    const { open, home, clock } = createBench();
    const broker = await open();
    await setUp(broker);
    await broker.close();
    for (const file of ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"])
      rmSync(join(home, file), { force: true });
    const options = { home, connection: CONNECTION, limits: LIMITS, permits: () => true, clock };
    expect(await createBroker(options)).toMatchObject({ ok: false, code: "ledger_rolled_back" });
  });
});
