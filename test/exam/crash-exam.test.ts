import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { formatMoney } from "../../src/util/money.ts";
import { dollars } from "../broker/fakes/requests.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";
import { delayConnections } from "./delay-connections.ts";
import { type Hall, LIMITS, openHall, type Verdict } from "./open-hall.ts";

/** Each purchase costs 50.00 USD, and 150.00 USD a month may be spent. */
const CAP = 15_000n;
const DAY = 86_400_000;
const BEFORE_DISPATCH = (name: string) => `before mark of create domain ${name}`;
const AFTER_DISPATCH = (name: string) => `after dispatch of create domain ${name}`;
const names = (stem: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${stem}-${index}.com`);
const sorted = (codes: readonly string[]) => [...codes].sort();

interface Row {
  readonly title: string;
  readonly charged: bigint;
  readonly over: bigint;
  readonly seconds: number;
}
const rows: Row[] = [];
let server: PostgresServer | undefined;
let delayed: Awaited<ReturnType<typeof delayConnections>> | undefined;
let ledgers = 0;

beforeAll(async () => {
  server = await startPostgres();
  delayed = await delayConnections(join(dirname(server.data), ".s.PGSQL.5432"), 1);
});

afterAll(async () => {
  const table = rows.map(({ title, charged, over, seconds }, index) =>
    [
      String(index + 1).padStart(2),
      title.padEnd(58),
      formatMoney({ currency: "USD", minor: charged }).padStart(11),
      formatMoney({ currency: "USD", minor: over }).padStart(9),
      `${seconds.toFixed(1)} s`.padStart(7),
    ].join("  "),
  );
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  process.stdout.write(
    `\nCrash exam: case, charged in the provider's book, over the cap, time\n${table.join("\n")}\n    ${rows.length} of 12 passed in ${total.toFixed(1)} s\n`,
  );
  await delayed?.close();
  await server?.remove();
});

/** A ledger in the database behind the delay. */
function place() {
  ledgers += 1;
  const url = `postgres://supercargo@127.0.0.1:${delayed?.port}/postgres`;
  return { url, name: `exam_${ledgers}` };
}

/** Another home for the same ledger, with its keys. */
function addHost({ folder, home }: Hall, name: string, keys = ["keystore.key", "log.key"]): string {
  const other = join(folder, name);
  mkdirSync(other, { mode: 0o700 });
  for (const key of keys) cpSync(join(home, key), join(other, key));
  return other;
}

/** Ten replicas at once want 150.00 USD each; two purchases of 75.00 USD are all that there is. */
async function rush(
  hall: Hall,
  orderOf: (replica: number) => Parameters<Hall["run"]>[1],
): Promise<void> {
  Object.assign(hall.world, { price: 7_500n });
  const replicas = Array.from({ length: 10 }, (_, replica) =>
    hall.run(names(`replica-${replica}`, 2), { ...orderOf(replica), patience: 1_000 }),
  );
  const codes = (await Promise.all(replicas)).flatMap((run) => run.codes);
  expect(sorted(codes)).toEqual(sorted([...Array(18).fill("cap_exceeded"), "ok", "ok"]));
}

/** Examines: the work, then the judge's reading of both books. `charged` is what the provider's must show, to the cent. */
function examine(
  title: string,
  work: (judge: (hall: Hall, charged: bigint, cap?: bigint) => Promise<Verdict>) => Promise<void>,
): void {
  it(title, { timeout: 300_000 }, async ({ task }: TestContext) => {
    const started = Date.now();
    let charged = 0n;
    let over = 0n;
    await work(async (hall, expected, cap = CAP) => {
      const verdict = await hall.judge();
      charged += verdict.charged;
      if (verdict.charged > cap) over += verdict.charged - cap;
      expect(verdict.findings).toEqual([]);
      expect(verdict.charged).toBe(expected);
      expect(verdict.booked).toBe(verdict.charged);
      return verdict;
    });
    expect(over).toBe(0n);
    rows.push({ title, charged, over, seconds: (Date.now() - started) / 1000 });
    const sum = rows.reduce((total, row) => total + row.over, 0n);
    const shown = formatMoney({ currency: "USD", minor: sum });
    if (rows.length === 12) noteFigure(task, `12 of 12 cases, ${shown} over`);
  });
}

describe("promise 2: the public crash exam", () => {
  examine("restart: what was spent before is not forgotten", async (judge) => {
    const hall = await openHall();
    const gate = { ...hall.gate(AFTER_DISPATCH("before-2")).order, isDeadly: true };
    const killed = await hall.run(names("before", 3), { gate });
    expect(killed).toEqual({ codes: ["ok", "ok"], signal: "SIGKILL" });
    const again = await hall.run(names("after", 3));
    expect(again.codes).toEqual(["cap_exceeded", "cap_exceeded", "cap_exceeded"]);
    await judge(hall, CAP);
  });

  examine("ten replicas: one cap, not ten", async (judge) => {
    const hall = await openHall();
    await rush(hall, () => ({}));
    await judge(hall, CAP);
  });

  examine("ten replicas on ten hosts, a shared store 1 ms away", async (judge) => {
    const hall = await openHall({ postgres: place() });
    await rush(hall, (replica) => ({
      home: addHost(hall, `host-${replica}`),
      seenPath: join(hall.folder, `seen-${replica}.json`),
    }));
    await judge(hall, CAP);
  });

  examine("a payee that asks for another currency", async (judge) => {
    const hall = await openHall();
    Object.assign(hall.world, { currency: "EUR" });
    const run = await hall.run(names("euro", 3), { maxPrice: "900.00 EUR" });
    expect(run.codes).toEqual(["currency_mismatch", "currency_mismatch", "currency_mismatch"]);
    await judge(hall, 0n);
    Object.assign(hall.world, { currency: "USD" });
    expect((await hall.run(names("dollar", 1))).codes).toEqual(["ok"]);
    await judge(hall, 5_000n);
  });
});

describe("promise 2: eight more cases", () => {
  examine("epoch: an old writer comes back", async (judge) => {
    const hall = await openHall();
    const gate = hall.gate(BEFORE_DISPATCH("old"));
    const old = hall.run(["old.com", "older.com"], { gate: gate.order });
    await gate.reached();
    const newer = await hall.run(names("newer", 4));
    expect(newer.codes).toEqual(["ok", "ok", "ok", "cap_exceeded"]);
    gate.open();
    expect((await old).codes).toEqual(["stale_writer", "stale_writer"]);
    const { domains } = await judge(hall, CAP);
    expect(domains).toEqual(names("newer", 3));
  });

  examine("an older copy of the store, or of the whole folder", async (judge) => {
    const hall = await openHall();
    const { folder, home } = hall;
    await hall.run(names("first", 1));
    const [backup, newest] = [join(folder, "backup"), join(folder, "newest")];
    cpSync(home, backup, { recursive: true });
    await hall.run(names("then", 2));
    cpSync(home, newest, { recursive: true });
    const files = ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"];
    for (const part of [files, ["."]]) {
      for (const file of part) {
        rmSync(join(home, file), { recursive: true, force: true });
        if (existsSync(join(backup, file)))
          cpSync(join(backup, file), join(home, file), { recursive: true });
      }
      const run = await hall.run(names("again", 2));
      expect(run.codes).toEqual(["ledger_rolled_back", "ledger_rolled_back"]);
    }
    rmSync(home, { recursive: true });
    cpSync(newest, home, { recursive: true });
    expect((await hall.run(names("again", 1))).codes).toEqual(["cap_exceeded"]);
    await judge(hall, CAP);
  });

  examine("a cap that is lowered in mid-flight", async (judge) => {
    const hall = await openHall();
    const gate = hall.gate(BEFORE_DISPATCH("flight-1"));
    const flying = hall.run(names("flight", 3), { gate: gate.order });
    await gate.reached();
    const limits = { ...LIMITS, total: dollars(8_000) };
    const lower = await hall.run(names("lower", 2), { limits });
    expect(lower.codes).toEqual(["cap_exceeded", "cap_exceeded"]);
    gate.open();
    expect((await flying).codes).toEqual(["ok", "stale_writer", "stale_writer"]);
    await judge(hall, 5_000n, 8_000n);
  });

  examine("two hosts with one database", async (judge) => {
    const hall = await openHall({ postgres: place() });
    const [bare, twin] = [addHost(hall, "bare", []), addHost(hall, "twin")];
    const seenPath = join(hall.folder, "seen-twin.json");
    const stranger = await hall.run(names("bare", 1), { home: bare, seenPath });
    expect(stranger.codes).toEqual(["keystore_missing"]);
    const runs = await Promise.all([
      hall.run(names("one", 4), { patience: 100 }),
      hall.run(names("two", 4), { home: twin, seenPath, patience: 100 }),
    ]);
    const codes = runs.flatMap((run) => run.codes);
    expect(sorted(codes)).toEqual(sorted([...Array(5).fill("cap_exceeded"), "ok", "ok", "ok"]));
    await judge(hall, CAP);
  });

  examine("windows over a change of the hour and a leap day", async (judge) => {
    const at = Date.parse("2028-02-28T23:59:00Z");
    const total = dollars(50_000);
    const daily = { scope: "total", amount: dollars(5_000), window: "day" } as const;
    const hall = await openHall({ at });
    const buy = async (instants: readonly string[], order: Parameters<Hall["run"]>[1]) => {
      const wishes = instants.map((text) => ({
        domain: `${text.replace(/\D/g, "")}.com`,
        at: Date.parse(text),
      }));
      return (await hall.run(wishes, order)).codes;
    };
    // 29 February is a day of its own, and its own only.
    const leap = { limits: { ...LIMITS, total, windows: [daily] } };
    expect(
      await buy(["2028-02-28T23:59:01Z", "2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z"], leap),
    ).toEqual(["ok", "cap_exceeded", "ok"]);
    expect(await buy(["2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z"], leap)).toEqual([
      "cap_exceeded",
      "ok",
    ]);
    await judge(hall, 15_000n, 15_000n);

    // The day of 23 hours in New York: 24 hours are 24 hours.
    const rolling = { scope: "total", amount: dollars(5_000), window: "24h" } as const;
    const spring = { limits: { ...LIMITS, total, windows: [rolling] } };
    expect(await buy(["2028-03-11T20:00:00Z", "2028-03-12T19:00:00Z"], spring)).toEqual([
      "ok",
      "cap_exceeded",
    ]);
    expect(await buy(["2028-03-12T19:59:59.999Z", "2028-03-12T20:00:00Z"], spring)).toEqual([
      "cap_exceeded",
      "ok",
    ]);
    await judge(hall, 25_000n, 25_000n);
  });

  examine("the edge of a window, to the millisecond", async (judge) => {
    const edge = Date.parse("2026-12-01T00:00:00Z");
    const hall = await openHall({ at: edge - DAY });
    const at = (stem: string, count: number, instant: number) =>
      names(stem, count).map((domain) => ({ domain, at: instant }));
    const before = await hall.run(at("november", 4, edge - 1));
    expect(before.codes).toEqual(["ok", "ok", "ok", "cap_exceeded"]);
    await judge(hall, CAP);
    const after = await hall.run(at("december", 4, edge));
    expect(after.codes).toEqual(["ok", "ok", "ok", "cap_exceeded"]);
    // A clock that is put back finds the ledger's own time.
    const back = await hall.run(at("back", 1, edge - 1));
    expect(back.codes).toEqual(["cap_exceeded"]);
    await judge(hall, 2n * CAP, 2n * CAP);
  });

  examine("a cap on the number, with a process killed on the way", async (judge) => {
    const hall = await openHall();
    Object.assign(hall.world, { price: 100n });
    const limits = { ...LIMITS, counts: { ...LIMITS.counts, domains: 3 } };
    const gate = { ...hall.gate(AFTER_DISPATCH("first-0")).order, isDeadly: true };
    expect((await hall.run(names("first", 3), { limits, gate })).signal).toBe("SIGKILL");
    const runs = await Promise.all(
      ["left", "right"].map((stem) => hall.run(names(stem, 3), { limits, patience: 100 })),
    );
    const codes = runs.flatMap((run) => run.codes);
    expect(sorted(codes)).toEqual(sorted([...Array(4).fill("count_exceeded"), "ok", "ok"]));
    const { domains } = await judge(hall, 300n);
    expect(domains).toHaveLength(3);
  });

  examine("an outcome that nobody knows keeps its money", async (judge) => {
    const hall = await openHall();
    const gate = { ...hall.gate(AFTER_DISPATCH("unknown")).order, isDeadly: true };
    expect((await hall.run(["unknown.com"], { gate })).signal).toBe("SIGKILL");
    const others = await hall.run(names("other", 3));
    expect(others.codes).toEqual(["ok", "ok", "cap_exceeded"]);
    const doubtful = await judge(hall, CAP);
    expect(doubtful.held).toBe(5_000n);
    expect((await hall.run(["unknown.com", "one-more.com"])).codes).toEqual(["ok", "cap_exceeded"]);
    const known = await judge(hall, CAP);
    expect([known.held, known.domains.length]).toEqual([0n, 3]);
  });
});
