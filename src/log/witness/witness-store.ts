import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The newest tree that was cosigned of a log. */
export interface SeenTree {
  readonly size: number;
  /** Hexadecimal; of the empty tree `""`, which nobody has to sign. */
  readonly root: string;
}

/** What a witness remembers, for all logs that it knows. Processes may share it. */
export interface WitnessStore {
  /** The verifier key of a log; undefined when the log is not known. */
  keyOf(origin: string): string | undefined;
  /** Makes a log known. The first key that comes with an origin stays; answers whether that is this one. */
  admit(origin: string, key: string): boolean;
  newest(origin: string): SeenTree;
  /** One durable section: `decide` gets the newest tree and answers what is to be remembered instead, or undefined to leave it. */
  update<T extends { readonly next?: SeenTree | undefined }>(
    origin: string,
    decide: (seen: SeenTree) => T,
  ): T;
  close(): void;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS logs (
  origin TEXT PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL DEFAULT 0, root TEXT NOT NULL DEFAULT ''
) STRICT`;

/** Opens `<folder>/witness.sqlite`, made when absent (folder 0700, file 0600). Throws what SQLite and the file system throw. */
export function openWitnessStore(folder: string): WitnessStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "witness.sqlite");
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 10_000 });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`);
  const find = database.prepare("SELECT key, size, root FROM logs WHERE origin = ?");
  const add = database.prepare("INSERT OR IGNORE INTO logs (origin, key) VALUES (?, ?)");
  // The condition is there for the day when somebody calls it wrongly: a tree never gets smaller.
  const set = database.prepare("UPDATE logs SET size = ?, root = ? WHERE origin = ? AND size <= ?");
  const keyOf = (origin: string): string | undefined => find.get(origin)?.key as string | undefined;
  const newest = (origin: string): SeenTree => {
    const row = find.get(origin);
    return { size: Number(row?.size ?? 0), root: String(row?.root ?? "") };
  };
  return {
    keyOf,
    newest,
    admit(origin, key) {
      add.run(origin, key);
      return keyOf(origin) === key;
    },
    update(origin, decide) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = decide(newest(origin));
        const { next } = result;
        if (
          next !== undefined &&
          Number(set.run(next.size, next.root, origin, next.size).changes) !== 1
        )
          throw new Error("a witness must not remember a smaller tree");
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
