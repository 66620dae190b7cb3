import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createSchema, type Dialect, SCHEMA_VERSION } from "./schema.ts";
import {
  LedgerRolledBackError,
  LedgerStorageError,
  type LedgerStore,
  type Select,
  StaleWriterError,
  type StoreMismatch,
} from "./store.ts";
import { type Changes, type ColumnType, TABLES, type TableName, type Value } from "./tables.ts";

const SQLITE: Dialect = {
  integer: "INTEGER",
  // A key of several columns is the table's order on disk: one tree instead of two.
  suffix: (key) => (key.length > 1 ? " STRICT, WITHOUT ROWID" : " STRICT"),
  elements: (json) => `json_each(${json}) AS each`,
  // The last, since `INSERT OR REPLACE` deletes without asking the triggers of deletions.
  protect: (table, taken) => `
CREATE TRIGGER ${table}_unchanging BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
CREATE TRIGGER ${table}_undeletable BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
CREATE TRIGGER ${table}_irreplaceable BEFORE INSERT ON ${table} WHEN ${taken.join(" OR ")} BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;`,
  // In a trigger of its own: SQLite makes room for all that a trigger may need whenever it asks whether the trigger applies.
  refuse: (first, second) => `
CREATE VIEW takings AS SELECT transfer, unit, taken, accounts FROM moves WHERE source = 'held';
CREATE TRIGGER takings_within_hold INSTEAD OF INSERT ON takings WHEN ${second} BEGIN SELECT RAISE(ABORT, 'more than was held'); END;
CREATE TRIGGER moves_within_hold BEFORE INSERT ON moves WHEN ${first} BEGIN INSERT INTO takings VALUES (new.transfer, new.unit, new.taken, new.accounts); END;`,
  refuseTransfer: (first, second) =>
    `CREATE TRIGGER resolves_own_hold BEFORE INSERT ON transfers WHEN ${first} AND ${second} BEGIN SELECT RAISE(ABORT, 'not its own hold'); END;`,
};

/**
 * Every commit is synced. Keys of intents are hashes, so that each record changes other pages of the indexes: 16 MiB hold those of a large ledger, and a checkpoint
 * after 4,000 pages (16 MiB, default 1,000) writes what many commits changed once.
 */
const SETTINGS =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;";

/**
 * Opens the embedded store (write-ahead log, every commit synced); a writer makes it when it is absent and takes it over: the epoch grows, and
 * from then on commits of all earlier writers are refused. A reader disturbs nobody.
 */
export async function openSqliteStore(
  path: string,
  mode: "writer" | "reader",
): Promise<LedgerStore | StoreMismatch> {
  if (mode === "writer" && !existsSync(path)) closeSync(openSync(path, "a", 0o600));
  return guard(() => {
    const database = new DatabaseSync(path, { readOnly: mode === "reader", timeout: 5_000 });
    try {
      if (mode === "writer") database.exec(SETTINGS);
      const epoch = mode === "writer" ? takeOver(database) : checkVersion(database);
      if (typeof epoch === "number") return createStore(database, epoch);
      database.close();
      return epoch;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function createStore(database: DatabaseSync, epoch: number): LedgerStore {
  const facts = database.prepare("SELECT id, epoch, serial, time FROM ledger");
  const advance = database.prepare(
    "UPDATE ledger SET serial = serial + 1, time = ? WHERE epoch = ? AND serial = ?",
  );
  const insert = prepareInserts(database);
  const select: Select = async (sql, columns, parameters = []) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement
      .all(...parameters)
      .map((row) =>
        Object.fromEntries(
          Object.entries(columns).map(([name, type]) => [name, read(row[name] ?? null, type)]),
        ),
      );
  };
  return {
    epoch,
    read: (work) =>
      guardAsync(async () => {
        database.exec("BEGIN");
        try {
          const row = facts.get();
          return await work(select, {
            id: String(row?.id),
            serial: Number(row?.serial),
            time: Number(row?.time),
            epoch: Number(row?.epoch),
          });
        } finally {
          database.exec("COMMIT");
        }
      }),
    commit: (serial, time, changes) =>
      guardAsync(async () =>
        transact(database, () => {
          if (Number(advance.run(time, epoch, serial).changes) !== 1) {
            const isStale = Number(facts.get()?.epoch) !== epoch;
            throw isStale ? new StaleWriterError() : new LedgerRolledBackError();
          }
          insert(changes);
        }),
      ),
    close: async () => database.close(),
  };
}

function read(value: unknown, type: ColumnType) {
  if (value === null) return null;
  if (type === "money") return BigInt(value as bigint);
  return type === "integer" ? Number(value) : String(value);
}

function prepareInserts(database: DatabaseSync): (changes: Changes) => void {
  const statements = new Map(
    (Object.keys(TABLES) as TableName[]).map((name) => {
      const { columns, key, isAppendOnly } = TABLES[name];
      const all = Object.keys(columns);
      const changing = all.filter((column) => !(key as readonly string[]).includes(column));
      const conflict = isAppendOnly
        ? ""
        : ` ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${changing.map((column) => `${column} = excluded.${column}`).join(", ")}`;
      const sql = `INSERT INTO ${name} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")})${conflict}`;
      return [name, { columns: all, statement: database.prepare(sql) }] as const;
    }),
  );
  return (changes) => {
    for (const { table, rows } of changes.list()) {
      const prepared = statements.get(table);
      for (const row of rows)
        prepared?.statement.run(...prepared.columns.map((column): Value => row[column] ?? null));
    }
  };
}

/** Creates the tables where there are none and raises the epoch. */
function takeOver(database: DatabaseSync): number | StoreMismatch {
  return transact(database, () => {
    if (readVersion(database) === 0) {
      database.exec(`${createSchema(SQLITE)}; PRAGMA user_version = ${SCHEMA_VERSION};`);
      const id = randomBytes(16).toString("hex");
      database.prepare("INSERT INTO ledger VALUES (?, ?, 0, 0, 0)").run(id, SCHEMA_VERSION);
    }
    const mismatch = checkVersion(database);
    if (typeof mismatch === "string") return mismatch;
    const row = database.prepare("UPDATE ledger SET epoch = epoch + 1 RETURNING epoch").get();
    return Number(row?.epoch);
  });
}

function checkVersion(database: DatabaseSync): 0 | StoreMismatch {
  const version = readVersion(database);
  if (version === SCHEMA_VERSION) return 0;
  return version > SCHEMA_VERSION ? "newer" : "older";
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version);
}

function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

const OURS = [StaleWriterError, LedgerRolledBackError];

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw OURS.some((type) => cause instanceof type)
      ? cause
      : new LedgerStorageError("the store failed", { cause });
  }
}

async function guardAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    return guard(() => {
      throw cause;
    });
  }
}
