import { closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StaleWriterError } from "./ledger.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** An open database with one writer. */
export interface Connection {
  readonly database: DatabaseSync;
  /** One durable section; `now` never runs backwards. Throws {@link StaleWriterError} when another writer opened the ledger since. */
  write<T>(work: (now: number) => T): T;
  close(): void;
}

/**
 * Opens the ledger's database (write-ahead log, every commit synced) and, for a writer, takes it over: the epoch grows, and from then on
 * writes of all earlier writers are refused. Undefined when a newer program wrote it.
 */
export function openConnection(
  path: string,
  clock: () => number,
  mode: "writer" | "reader",
): Connection | undefined {
  if (mode === "writer" && !existsSync(path)) closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { readOnly: mode === "reader", timeout: 5_000 });
  try {
    if (mode === "writer")
      database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
      );
    const epoch = mode === "writer" ? takeOver(database) : 0;
    if (epoch === undefined || readVersion(database) > SCHEMA_VERSION) {
      database.close();
      return undefined;
    }
    return createConnection(database, clock, epoch);
  } catch (error) {
    database.close();
    throw error;
  }
}

function createConnection(database: DatabaseSync, clock: () => number, epoch: number): Connection {
  const fact = database.prepare("SELECT value FROM facts WHERE name = ?");
  const setTime = database.prepare(
    "INSERT INTO facts (name, value) VALUES ('time', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const read = (name: string): number => Number(fact.get(name)?.value ?? 0);
  return {
    database,
    write(work) {
      database.exec("BEGIN IMMEDIATE");
      try {
        if (read("epoch") !== epoch) throw new StaleWriterError();
        const now = Math.max(clock(), read("time"));
        setTime.run(now);
        const result = work(now);
        database.exec("COMMIT");
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** Creates the tables where there are none and raises the epoch; undefined when the tables are newer than this program. */
function takeOver(database: DatabaseSync): number | undefined {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = readVersion(database);
    if (version > SCHEMA_VERSION) {
      database.exec("ROLLBACK");
      return undefined;
    }
    if (version === 0) database.exec(`${SCHEMA}; PRAGMA user_version = ${SCHEMA_VERSION};`);
    database.exec(
      "INSERT INTO facts (name, value) VALUES ('epoch', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
    );
    const epoch = Number(
      database.prepare("SELECT value FROM facts WHERE name = 'epoch'").get()?.value,
    );
    database.exec("COMMIT");
    return epoch;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version);
}
