import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLedger } from "../../src/broker/ledger/open-ledger.ts";
import { type LedgerPlace, openPlace } from "../../src/broker/ledger/open-place.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";
import { buy, cost, record } from "./fakes/ledger-acts.ts";
import { LIMITS } from "./fakes/requests.ts";

/** A statement of any program at all that has the store open; it must leave the books as they are. */
type Execute = (sql: string) => Promise<unknown>;

interface Store {
  readonly name: string;
  open(home: string): Promise<{ readonly place: LedgerPlace; readonly execute: Execute }>;
  close(): Promise<void>;
  /** Writes a row over another one. */
  replace(table: string, row: string): string;
}

let server: PostgresServer | undefined;
let client: pg.Client | undefined;

const STORES: readonly Store[] = [
  {
    name: "SQLite",
    open: async (home) => ({
      place: { home },
      async execute(sql) {
        const database = new DatabaseSync(join(home, "ledger.sqlite"));
        try {
          return database.prepare(sql).all();
        } finally {
          database.close();
        }
      },
    }),
    close: async () => undefined,
    replace: (table, row) => `INSERT OR REPLACE INTO ${table} ${row}`,
  },
  {
    name: "PostgreSQL",
    async open(home) {
      server = await startPostgres({ fsync: false });
      const own = new pg.Client({ connectionString: server.url });
      client = own;
      await own.connect();
      await own.query("SET search_path TO ledger_tables");
      return {
        place: { home, postgres: { url: server.url, name: "ledger_tables" } },
        execute: async (sql) => (await own.query(sql)).rows,
      };
    },
    async close() {
      await client?.end();
      await server?.remove();
    },
    replace: (table, row) => `INSERT INTO ${table} ${row} ON CONFLICT DO NOTHING`,
  },
];

const HOLD = "(SELECT MAX(id) FROM transfers WHERE phase = 'hold')";
const POST = "(SELECT MAX(id) FROM transfers WHERE phase = 'post')";
const HELD_ACT = `(SELECT intent FROM transfers WHERE id = ${HOLD})`;
const BOUGHT_ACT = `(SELECT intent FROM transfers WHERE id = ${POST})`;
const SPENT_HOLD = `(SELECT hold FROM transfers WHERE id = ${POST})`;
const ACCOUNT = '[["total/2026-11",null]]';

const addTransfer = (intent: string, phase: string, hold: string): string =>
  `INSERT INTO transfers (id, intent, phase, at, hold) SELECT 900, ${intent}, '${phase}', 0, ${hold}`;
const addMove = (source: string, taken: number, given: number, unit = "USD", accounts = ACCOUNT) =>
  `INSERT INTO moves (transfer, position, source, taken, target, given, unit, settles, accounts)
   SELECT ${POST}, 900, '${source}', ${taken}, 'spent', ${given}, '${unit}', 'capture', '${accounts}'`;

describe.each(STORES)("the tables of the ledger in $name", (store) => {
  const home = mkdtempSync(join(tmpdir(), "sc-tables-"));
  let execute: Execute = async () => undefined;

  /** One act that was paid, one that holds, and a freeze. */
  beforeAll(async () => {
    const opened = await store.open(home);
    execute = opened.execute;
    const inner = await openPlace(opened.place, "writer");
    if (typeof inner === "string") throw new Error(inner);
    const ledger = openLedger(inner, {
      limits: LIMITS,
      logPath: join(home, "log", "events.jsonl"),
      seenPath: join(home, "seen", "mark.json"),
      ...{ mode: "writer", agent: "agent:build-bot", alerts: undefined },
      now: () => Date.parse("2026-11-10T12:00:00Z"),
    });
    expect(await buy(ledger, { resource: "paid", spend: cost(300) })).toBe("recorded");
    expect(await record(ledger, { resource: "held", spend: cost(500) })).toBe("recorded");
    await ledger.freeze("all", "drill", { name: "frozen", actor: { run: "r" } });
    await ledger.close();
  });
  afterAll(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });

  const readAll = async (): Promise<string> => {
    const rows = [];
    for (const table of ["transfers", "moves", "log", "freezes"])
      rows.push(await execute(`SELECT * FROM ${table} ORDER BY 1, 2`));
    return JSON.stringify(rows);
  };
  const expectRefused = async (sql: string, why: RegExp): Promise<void> => {
    const before = await readAll();
    await expect(execute(sql), sql).rejects.toThrow(why);
    expect(await readAll()).toBe(before);
  };

  it.each([
    ["transfers", "at"],
    ["moves", "given"],
    ["log", "entry"],
    ["freezes", "at"],
  ])("let no row of %s be changed, deleted or replaced", async (table, column) => {
    await expectRefused(`UPDATE ${table} SET ${column} = ${column}`, /immutable/);
    await expectRefused(`DELETE FROM ${table}`, /immutable/);
    const before = await readAll();
    const replace = store.replace(table, `SELECT * FROM ${table}`);
    await execute(replace).catch((error: unknown) =>
      expect(String(error)).toMatch(/immutable|not its own hold|more than was held/),
    );
    expect(await readAll()).toBe(before);
    expect(await execute(`SELECT * FROM ${table}`)).not.toEqual([]);
  });

  it.each([
    ["more than is left", addMove("held", -1, 1), /more than was held/],
    ["another currency", addMove("held", -1, 1, "EUR"), /more than was held/],
    ["more than is given", addMove("budget", -2, 1), /check/i],
    ["nothing", addMove("budget", 0, 0), /check/i],
    ["from where it goes", addMove("spent", -1, 1), /check/i],
    ["from nowhere", addMove("nowhere", -1, 1), /check/i],
    ["from no account", addMove("budget", -1, 1, "USD", "[]"), /check/i],
  ])("let nobody take %s", (_, sql, why) => expectRefused(sql, why));

  it.each([
    ["twice", addTransfer(BOUGHT_ACT, "void", SPENT_HOLD), /immutable|unique/i],
    ["by another act", addTransfer(BOUGHT_ACT, "post", HOLD), /not its own hold/],
    ["that it is itself", addTransfer(HELD_ACT, "post", "900"), /not its own hold/],
    ["that is none", addTransfer(BOUGHT_ACT, "void", POST), /not its own hold/],
    ["that is nowhere", addTransfer(HELD_ACT, "void", "901"), /not its own hold/],
    ["that it does not name", addTransfer(HELD_ACT, "void", "NULL"), /check/i],
    ["by what resolves none", addTransfer(HELD_ACT, "return", HOLD), /check/i],
  ])("let no hold be resolved %s", (_, sql, why) => expectRefused(sql, why));
});
