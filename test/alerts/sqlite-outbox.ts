import { DatabaseSync } from "node:sqlite";
import {
  ALERT_SCHEMA,
  alertValues,
  INSERT_ALERT,
  openSqlOutbox,
} from "../../src/alerts/sql-outbox.ts";
import type { FilledOutbox } from "./memory-outbox.ts";

/** The SQL outbox on SQLite, as the ledger embeds it. */
export function openSqliteOutbox(
  path = ":memory:",
): FilledOutbox & { readonly database: DatabaseSync } {
  const database = new DatabaseSync(path);
  const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'alerts'").get();
  if (exists === undefined) database.exec(ALERT_SCHEMA);
  const bind = (values: readonly (string | number)[]) =>
    Object.fromEntries(values.map((value, i) => [`$${i + 1}`, value]));
  const insert = database.prepare(INSERT_ALERT);
  return {
    database,
    insert: (alert) => void insert.run(bind(alertValues(alert))),
    ...openSqlOutbox((sql, values) => database.prepare(sql).all(bind(values))),
  };
}
