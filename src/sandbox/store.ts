import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Collection, SandboxStore } from "./context.ts";
import { SandboxError } from "./sandbox-error.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS documents (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (collection, id)
) STRICT`;

/** SQLite's result code when another connection holds the lock. */
const SQLITE_BUSY = 5;

/**
 * Opens the sandbox's state in one SQLite file (WAL, synchronous FULL), made when absent, mode 0600.
 *
 * The connection keeps the database's exclusive lock until `close` or the end of the process, so a home has one sandbox at most, and the lock of a
 * process that died is gone with it. Throws {@link SandboxError} `home-in-use` when another one holds it.
 */
export function openStore(file: string): SandboxStore & { close(): void } {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA}; COMMIT`);
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new SandboxError("home-in-use", "another sandbox uses this home");
  }
  chmodSync(file, 0o600);
  const statements = {
    get: database.prepare("SELECT document FROM documents WHERE collection = ? AND id = ?"),
    put: database.prepare(
      "INSERT INTO documents (collection, id, document) VALUES (?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET document = excluded.document",
    ),
    delete: database.prepare("DELETE FROM documents WHERE collection = ? AND id = ?"),
    list: database.prepare("SELECT document FROM documents WHERE collection = ? ORDER BY sequence"),
  };
  let isInTransaction = false;

  function collection<T>(name: string): Collection<T> {
    return {
      get(id) {
        const row = statements.get.get(name, id);
        return row === undefined ? undefined : (JSON.parse(String(row.document)) as T);
      },
      put(id, value) {
        statements.put.run(name, id, JSON.stringify(value));
      },
      delete: (id) => statements.delete.run(name, id).changes === 1,
      list: () => statements.list.all(name).map((row) => JSON.parse(String(row.document)) as T),
    };
  }

  function transaction<T>(work: () => T): T {
    if (isInTransaction) return work();
    database.exec("BEGIN IMMEDIATE");
    isInTransaction = true;
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    } finally {
      isInTransaction = false;
    }
  }

  return { collection, transaction, close: () => database.close() };
}
