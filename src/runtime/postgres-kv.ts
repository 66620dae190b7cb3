import type { Pool } from "pg";
import { kvExpiry } from "./kv-expiry.ts";
import type { Content } from "./portable-app.ts";
import { createTableOnce } from "./postgres-table.ts";
import { readKvValue } from "./read-kv-value.ts";

/** What Workers KV offers an app (Workers docs, "KV API"), read at once by all: there is no cache between. */
export interface PostgresKv {
  /** As `text` unless another type is asked for; null when absent or expired. */
  get(key: string, type?: ValueType | { readonly type?: ValueType }): Promise<unknown>;
  getWithMetadata(
    key: string,
    type?: ValueType | { readonly type?: ValueType },
  ): Promise<{ readonly value: unknown; readonly metadata: unknown }>;
  put(key: string, value: Content, options?: KvPutOptions): Promise<void>;
  delete(key: string): Promise<void>;
  list(options?: KvListOptions): Promise<KvList>;
}

export type ValueType = "text" | "json" | "arrayBuffer" | "stream";

export interface KvPutOptions {
  /** Seconds since 1970. */
  readonly expiration?: number | undefined;
  /** Seconds from now. */
  readonly expirationTtl?: number | undefined;
  /** What JSON can say. */
  readonly metadata?: unknown;
}

export interface KvListOptions {
  readonly prefix?: string | undefined;
  /** Default and maximum 1000. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface KvList {
  /** In order of the keys' bytes. */
  readonly keys: readonly { readonly name: string; readonly metadata?: unknown }[];
  readonly list_complete: boolean;
  /** Where the next list begins, when this one is not complete. */
  readonly cursor?: string | undefined;
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS supercargo_kv (
    store TEXT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    metadata TEXT,
    expires_at TIMESTAMPTZ,
    PRIMARY KEY (store, key)
  )`;

const ALIVE = "(expires_at IS NULL OR expires_at > now())";

interface Row {
  readonly key: string;
  readonly value: Uint8Array<ArrayBuffer>;
  readonly metadata: string | null;
}

/** A key-value store kept in a table of PostgreSQL. What expired is not seen any more, and goes when its key is written again. */
export function openPostgresKv(pool: Pool, store: string): PostgresKv {
  const prepare = createTableOnce(pool, TABLE);
  const run = async (sql: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    await prepare();
    return (await pool.query<Row>(sql, [store, ...values])).rows;
  };
  const find = async (key: string, type: Parameters<PostgresKv["get"]>[1] = "text") => {
    const [row] = await run(
      `SELECT value, metadata FROM supercargo_kv WHERE store = $1 AND key = $2 AND ${ALIVE}`,
      [key],
    );
    if (row === undefined) return { value: null, metadata: null };
    const wanted = typeof type === "string" ? type : (type.type ?? "text");
    return { value: await readKvValue(row.value, wanted), metadata: readMetadata(row) };
  };
  return {
    get: async (key, type) => (await find(key, type)).value,
    getWithMetadata: find,
    async put(key, value, options = {}) {
      const bytes = Buffer.from(await new Response(value).arrayBuffer());
      const metadata = options.metadata === undefined ? null : JSON.stringify(options.metadata);
      await run(
        `INSERT INTO supercargo_kv (store, key, value, metadata, expires_at) VALUES ($1, $2, $3, $4, to_timestamp($5))
         ON CONFLICT (store, key) DO UPDATE
         SET value = excluded.value, metadata = excluded.metadata, expires_at = excluded.expires_at`,
        [key, bytes, metadata, kvExpiry(options) ?? null],
      );
    },
    async delete(key) {
      await run("DELETE FROM supercargo_kv WHERE store = $1 AND key = $2", [key]);
    },
    async list({ prefix = "", limit = 1000, cursor = "" } = {}) {
      const count = Math.min(limit, 1000);
      const rows = await run(
        `SELECT key, metadata FROM supercargo_kv
         WHERE store = $1 AND starts_with(key, $2) AND key > $3 AND ${ALIVE} ORDER BY key LIMIT $4`,
        [prefix, cursor, count + 1],
      );
      const keys = rows.slice(0, count).map((row) => ({
        name: row.key,
        ...(row.metadata !== null && { metadata: readMetadata(row) }),
      }));
      const last = keys.at(-1)?.name;
      return rows.length > count
        ? { keys, list_complete: false, cursor: last }
        : { keys, list_complete: true };
    },
  };
}

function readMetadata({ metadata }: Pick<Row, "metadata">): unknown {
  return metadata === null ? null : (JSON.parse(metadata) as unknown);
}
