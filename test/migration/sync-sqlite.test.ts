import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareSqlite, type SqlTarget, syncSqlite } from "../../src/migration/sync-sqlite.ts";

/** A database in memory, behind what a migration asks of one. */
function openPlace(...statements: readonly string[]) {
  const database = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
  for (const sql of statements) database.exec(sql);
  const place: SqlTarget = {
    query: async (sql) => database.prepare(sql).all(),
    async run(all) {
      database.exec("BEGIN");
      for (const sql of all) database.exec(sql);
      database.exec("COMMIT");
    },
  };
  return { database, place };
}

const SCHEMA = [
  "CREATE TABLE orders (id TEXT PRIMARY KEY, cents INTEGER, note, twice INTEGER AS (cents * 2) STORED)",
  "CREATE TABLE counted (n INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT UNIQUE)",
  "CREATE TABLE pairs (a TEXT, b INTEGER, v BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID",
  "CREATE INDEX by_cents ON orders (cents)",
  "CREATE TABLE told (id TEXT)",
  "CREATE TRIGGER tell AFTER INSERT ON orders BEGIN INSERT INTO told VALUES (new.id); END",
];

describe("a database that is carried over", () => {
  test("has every row with its type, its number, and the triggers that do not act again", async () => {
    const from = openPlace(
      ...SCHEMA,
      "INSERT INTO orders (id, cents, note) VALUES ('a', 9007199254740993, 1.5), ('b', NULL, x'00ff'), ('it''s', -1, 'ä\n\"')",
      "INSERT INTO counted (word) VALUES ('x'), ('y')",
      "DELETE FROM counted WHERE word = 'y'",
      "INSERT INTO pairs VALUES ('p', 1, x'01'), ('p', 2, NULL)",
    );
    const to = openPlace("CREATE TABLE orders (id TEXT)", "CREATE TABLE left_over (x)");
    expect(await syncSqlite(from.place, to.place)).toEqual({ items: 9, changed: 9 });
    expect(await compareSqlite(from.place, to.place)).toEqual({ items: 9, differing: new Set() });
    expect(await syncSqlite(from.place, to.place)).toEqual({ items: 9, changed: 0 });
    to.database.exec("INSERT INTO counted (word) VALUES ('z')");
    expect(to.database.prepare("SELECT n FROM counted WHERE word = 'z'").get()).toEqual({ n: 3 });
  });

  test("differs by what is written on either side, until the next pass", async () => {
    const from = openPlace(...SCHEMA, "INSERT INTO counted (word) VALUES ('x'), ('y')");
    const to = openPlace();
    await syncSqlite(from.place, to.place);
    // Two unique values change places.
    from.database.exec(
      "UPDATE counted SET word = 't' WHERE n = 1; UPDATE counted SET word = 'x' WHERE n = 2; UPDATE counted SET word = 'y' WHERE n = 1",
    );
    to.database.exec("INSERT INTO told VALUES ('nobody')");
    expect((await compareSqlite(from.place, to.place)).differing.size).toBe(3);
    await syncSqlite(from.place, to.place);
    await syncSqlite(from.place, to.place);
    expect((await compareSqlite(from.place, to.place)).differing.size).toBe(0);
  });

  test("is the same for any texts and numbers", async () => {
    const value = fc.oneof(
      fc.string().map((text) => text.replaceAll("\0", "")),
      fc.integer(),
      // A literal of SQL has no negative zero.
      fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.uint8Array({ maxLength: 8 }),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { maxLength: 30 }), async (rows) => {
        const from = openPlace("CREATE TABLE t (a, b)");
        for (const row of rows) from.database.prepare("INSERT INTO t VALUES (?, ?)").run(...row);
        const to = openPlace();
        await syncSqlite(from.place, to.place);
        const all = "SELECT typeof(a), a, typeof(b), b FROM t ORDER BY rowid";
        expect(to.database.prepare(all).all()).toEqual(from.database.prepare(all).all());
      }),
      { numRuns: 50 },
    );
  });

  test("tells rows apart by their number, also where a column has its name", async () => {
    const from = openPlace(
      "CREATE TABLE t (rowid TEXT, a TEXT); INSERT INTO t VALUES ('x', 'one'), ('x', 'two')",
    );
    const to = openPlace();
    await syncSqlite(from.place, to.place);
    from.database.exec("UPDATE t SET a = 'three' WHERE a = 'one'");
    await syncSqlite(from.place, to.place);
    const all = "SELECT _rowid_ AS n, rowid, a FROM t ORDER BY n";
    expect(to.database.prepare(all).all()).toEqual(from.database.prepare(all).all());
    const hidden = openPlace("CREATE TABLE t (rowid, _rowid_, OID)");
    await expect(syncSqlite(hidden.place, openPlace().place)).rejects.toThrow("hide the numbers");
  });
});
