import type { Pool } from "pg";
import { checkDelay } from "./check-delay.ts";
import { decodeBody, type ReceivedMessage } from "./deliver-messages.ts";
import { createTableOnce } from "./postgres-table.ts";

/** What a queue offers the app that sends (Workers docs, "Queues", "JavaScript APIs"). Bodies are what JSON can say. */
export interface QueueProducer {
  send(body: unknown, options?: SendOptions): Promise<void>;
  sendBatch(messages: Iterable<{ readonly body: unknown } & SendOptions>): Promise<void>;
}

export interface SendOptions {
  /** Default 0; a number below that, or none at all, is refused with a TypeError. */
  readonly delaySeconds?: number | undefined;
}

/** A queue kept in a table of PostgreSQL. A message is out until its lease ends; who receives it again has counted one more attempt. */
export interface PostgresQueue extends QueueProducer {
  /**
   * Messages that are due, at most `limit`. One that was out {@link ATTEMPTS_MAX} times is buried instead, also when nobody lived to say what became of it,
   * and the last time it is received alone, so that no other one is buried for it.
   */
  receive(limit: number): Promise<readonly ReceivedMessage[]>;
  /** Keeps what was received from others for another {@link LEASE_SECONDS}. */
  extend(messages: readonly ReceivedMessage[]): Promise<void>;
  acknowledge(message: ReceivedMessage): Promise<void>;
  repeat(message: ReceivedMessage, delaySeconds: number): Promise<void>;
  /** Keeps a message in the table, for people; it is not delivered any more. */
  bury(message: ReceivedMessage): Promise<void>;
}

/** How long a message stays with a consumer that doesn't answer. */
export const LEASE_SECONDS = 60;

/** Deliveries of a message, as of Cloudflare's consumers of a compiled stack: three after the first. */
export const ATTEMPTS_MAX = 4;

const TABLE = `
  CREATE TABLE IF NOT EXISTS supercargo_queue (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    due_at TIMESTAMPTZ NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    is_dead BOOLEAN NOT NULL DEFAULT false
  );
  CREATE INDEX IF NOT EXISTS supercargo_queue_due ON supercargo_queue (queue, due_at) WHERE NOT is_dead`;

/** Takes the oldest due messages that no other consumer is just taking. */
const RECEIVE = `
  WITH due AS (
    SELECT id, attempts FROM supercargo_queue WHERE queue = $1 AND due_at <= now() AND NOT is_dead
    ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
  ), spent AS (
    UPDATE supercargo_queue SET is_dead = true WHERE id IN (SELECT id FROM due WHERE attempts >= ${ATTEMPTS_MAX})
  ), early AS (
    SELECT id FROM due WHERE attempts < ${ATTEMPTS_MAX - 1}
  ), late AS (
    SELECT id FROM due WHERE attempts = ${ATTEMPTS_MAX - 1} AND NOT EXISTS (SELECT FROM early) LIMIT 1
  )
  UPDATE supercargo_queue SET attempts = attempts + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS})
  WHERE id IN (SELECT id FROM early UNION ALL SELECT id FROM late)
  RETURNING id, body, sent_at, attempts`;

/** Only who received a message last may say what becomes of it. */
const HELD = `WHERE (id, attempts) IN (SELECT * FROM unnest($1::bigint[], $2::int[]))`;

interface Row {
  readonly id: string;
  readonly body: string;
  readonly sent_at: Date;
  readonly attempts: number;
}

export function openPostgresQueue(pool: Pool, name: string): PostgresQueue {
  const prepare = createTableOnce(pool, TABLE);
  const run = async (sql: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    await prepare();
    return (await pool.query<Row>(sql, [...values])).rows;
  };
  const send = async (entries: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    const bodies = entries.map(({ body }) => encodeBody(body));
    const delays = entries.map(({ delaySeconds = 0 }) => checkDelay(delaySeconds));
    await run(
      `INSERT INTO supercargo_queue (queue, body, due_at)
       SELECT $1, body, now() + make_interval(secs => delay) FROM unnest($2::text[], $3::float8[]) AS message (body, delay)`,
      [name, bodies, delays],
    );
  };
  return {
    send: (body, options = {}) => send([{ ...options, body }]),
    sendBatch: (messages) => send([...messages]),
    async receive(limit) {
      const rows = await run(RECEIVE, [name, limit]);
      return rows.map(readRow).sort((a, b) => Number(a.id) - Number(b.id));
    },
    async extend(messages) {
      await run(
        `UPDATE supercargo_queue SET due_at = now() + make_interval(secs => ${LEASE_SECONDS}) ${HELD}`,
        claimOf(messages),
      );
    },
    async acknowledge(message) {
      await run(`DELETE FROM supercargo_queue ${HELD}`, claimOf([message]));
    },
    async repeat(message, delaySeconds) {
      await run(`UPDATE supercargo_queue SET due_at = now() + make_interval(secs => $3) ${HELD}`, [
        ...claimOf([message]),
        delaySeconds,
      ]);
    },
    async bury(message) {
      await run(`UPDATE supercargo_queue SET is_dead = true ${HELD}`, claimOf([message]));
    },
  };
}

/** @throws TypeError for what JSON has no text for. */
export function encodeBody(body: unknown): string {
  const text: string | undefined = JSON.stringify(body);
  if (text === undefined) throw new TypeError("a message must be what JSON can say");
  return text;
}

function claimOf(messages: readonly ReceivedMessage[]): [string[], number[]] {
  return [messages.map(({ id }) => id), messages.map(({ attempts }) => attempts)];
}

function readRow({ id, body, sent_at, attempts }: Row): ReceivedMessage {
  return { id, timestamp: sent_at, body: decodeBody(body), attempts };
}
