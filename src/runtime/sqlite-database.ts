import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** What D1 offers an app (Workers docs, "D1 Database"), as far as a file can: no sessions, no dump. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  /** All or nothing. */
  batch(statements: readonly SqliteStatement[]): Promise<readonly SqliteResult[]>;
  exec(sql: string): Promise<void>;
  close(): void;
}

export interface SqliteStatement {
  bind(...values: readonly SQLInputValue[]): SqliteStatement;
  all(): Promise<SqliteResult>;
  run(): Promise<SqliteResult>;
  /** The first row, or one column of it; null when there is no row. */
  first(column?: string): Promise<unknown>;
  raw(): Promise<readonly (readonly unknown[])[]>;
}

export interface SqliteResult {
  readonly success: true;
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly meta: { readonly changes: number; readonly last_row_id: number };
}

/** Opens a SQLite file, made when absent, behind D1's interface. Writers of other processes are waited for, 5 seconds at most. */
export function openSqliteDatabase(path: string): SqliteDatabase {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL");
  const runs = new WeakMap<SqliteStatement, () => SqliteResult>();
  const prepare = (sql: string, values: readonly SQLInputValue[] = []): SqliteStatement => {
    const run = (): SqliteResult => runStatement(database, sql, values);
    const statement: SqliteStatement = {
      bind: (...bound) => prepare(sql, bound),
      all: async () => run(),
      run: async () => run(),
      async first(column) {
        const [row] = run().results;
        if (row === undefined) return null;
        return column === undefined ? row : row[column];
      },
      raw: async () => run().results.map((row) => Object.values(row)),
    };
    runs.set(statement, run);
    return statement;
  };
  return {
    prepare: (sql) => prepare(sql),
    async batch(statements) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const results = statements.map((statement) => {
          const run = runs.get(statement);
          if (run === undefined) throw new TypeError("a statement of another database");
          return run();
        });
        database.exec("COMMIT");
        return results;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    exec: async (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function runStatement(
  database: DatabaseSync,
  sql: string,
  values: readonly SQLInputValue[],
): SqliteResult {
  const statement = database.prepare(sql);
  // A statement without columns answers with what it changed, any other one with rows.
  if (statement.columns().length > 0) {
    const results = statement.all(...values).map((row) => ({ ...row }));
    return { success: true, results, meta: { changes: 0, last_row_id: 0 } };
  }
  const { changes, lastInsertRowid } = statement.run(...values);
  const meta = { changes: Number(changes), last_row_id: Number(lastInsertRowid) };
  return { success: true, results: [], meta };
}
