import { type Alert, printAlert } from "./alert.ts";
import type { DeliveryState, Outbox, PendingAlert } from "./outbox.ts";

/**
 * The tables of the outbox, in SQL that SQLite and PostgreSQL read alike. Times are milliseconds since the epoch. `body` is the alert as it was
 * first told. Rows are never deleted.
 */
export const ALERT_SCHEMA = `
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  cap TEXT NOT NULL,
  blocks INTEGER NOT NULL CHECK (blocks IN (0, 1)),
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  told_at BIGINT,
  finished_at BIGINT
);
CREATE INDEX alerts_unfinished ON alerts (at) WHERE finished_at IS NULL;
CREATE INDEX alerts_blocking ON alerts (cap) WHERE blocks = 1 AND told_at IS NULL;
CREATE TABLE alert_deliveries (
  alert TEXT NOT NULL REFERENCES alerts (id),
  sink TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  accepted_at BIGINT,
  code TEXT,
  PRIMARY KEY (alert, sink)
);
`;

/** Puts an alert in, inside the section that reserves the money; values as {@link alertValues} gives them. The first of an id stays. */
export const INSERT_ALERT =
  "INSERT INTO alerts (id, cap, blocks, body, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";

/** The values of {@link INSERT_ALERT}, in order. `cap` is empty for alerts about no cap. */
export function alertValues(alert: Alert): readonly (string | number)[] {
  const cap = "cap" in alert ? alert.cap : "";
  return [alert.id, cap, alert.blocks ? 1 : 0, printAlert(alert), Date.parse(alert.at)];
}

const COLUMNS = `SELECT a.id, a.body, a.told_at, d.sink, d.attempts, d.next_at, d.accepted_at
  FROM alerts a LEFT JOIN alert_deliveries d ON d.alert = a.id`;
const PENDING = `${COLUMNS} WHERE a.finished_at IS NULL ORDER BY a.at, a.id, d.sink`;
const BLOCKING = `${COLUMNS} WHERE a.blocks = 1 AND a.told_at IS NULL AND a.cap = $1 ORDER BY a.at, a.id, d.sink`;
const MARK_ATTEMPT = `INSERT INTO alert_deliveries (alert, sink, attempts, next_at, code) VALUES ($1, $2, 1, $3, $4)
  ON CONFLICT (alert, sink) DO UPDATE SET attempts = alert_deliveries.attempts + 1, next_at = excluded.next_at, code = excluded.code`;
const MARK_ACCEPTED = `INSERT INTO alert_deliveries (alert, sink, attempts, next_at, accepted_at) VALUES ($1, $2, 1, 0, $3)
  ON CONFLICT (alert, sink) DO UPDATE SET attempts = alert_deliveries.attempts + 1, accepted_at = excluded.accepted_at, code = NULL`;
const MARK_TOLD = "UPDATE alerts SET told_at = $2 WHERE id = $1 AND told_at IS NULL";
const FINISH =
  "UPDATE alerts SET finished_at = $2 WHERE id = $1 AND told_at IS NOT NULL AND finished_at IS NULL";

type Row = Readonly<Record<string, unknown>>;

/** Runs one statement; `$1` is the first value. What it changed MUST be durable when it returns. */
export type RunSql = (
  sql: string,
  values: readonly (string | number)[],
) => Promise<readonly Row[]> | readonly Row[];

/** The outbox over any database that {@link RunSql} reaches. */
export function openSqlOutbox(run: RunSql): Outbox {
  return {
    pending: async () => collect(await run(PENDING, [])),
    async blocking(caps) {
      const found: PendingAlert[] = [];
      for (const cap of new Set(caps)) found.push(...collect(await run(BLOCKING, [cap])));
      return found;
    },
    async markAttempt({ id, sink, answer, nextAt }) {
      await run(MARK_ATTEMPT, [id, sink, nextAt, answer.kind === "accepted" ? "" : answer.code]);
    },
    async markAccepted(id, sink, { at, counts }) {
      await run(MARK_ACCEPTED, [id, sink, at]);
      if (counts) await run(MARK_TOLD, [id, at]);
    },
    async finish(id, at) {
      await run(FINISH, [id, at]);
    },
  };
}

/** One alert from the rows of its deliveries. Databases that give big integers as text are understood. */
function collect(rows: readonly Row[]): readonly PendingAlert[] {
  const entries = new Map<
    string,
    { entry: PendingAlert; deliveries: Map<string, DeliveryState> }
  >();
  for (const row of rows) {
    const id = String(row.id);
    const known = entries.get(id)?.deliveries ?? new Map<string, DeliveryState>();
    if (row.sink !== null)
      known.set(String(row.sink), {
        attempts: Number(row.attempts),
        nextAt: Number(row.next_at),
        accepted: row.accepted_at !== null,
      });
    const alert = JSON.parse(String(row.body)) as Alert;
    const entry = { alert, told: row.told_at !== null, deliveries: {} };
    entries.set(id, { entry, deliveries: known });
  }
  return [...entries.values()].map(({ entry, deliveries }) => ({
    ...entry,
    deliveries: Object.fromEntries(deliveries),
  }));
}
