import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { D1Dialect } from "kysely-d1";
import type { Database, Tables } from "./orders.ts";

/** What the manifest binds: `bind`, `env` and `consumes` of the resource `shop`. Only what this app uses is declared. */
export interface Environment {
  readonly DB: D1Database | PostgresPool;
  readonly MEDIA: Bucket;
  readonly RECEIPTS: Queue;
  readonly SESSION_KEY: string;
  readonly SHOP_NAME: string;
}

/** SQLite as Cloudflare's D1 speaks it. */
interface D1Database {
  prepare(sql: string): unknown;
}

/** Object store, Cloudflare R2 or what looks like it. */
export interface Bucket {
  get(key: string): Promise<{ readonly body: ReadableStream } | null>;
  put(
    key: string,
    value: string,
    options: { readonly httpMetadata: { readonly contentType: string } },
  ): Promise<unknown>;
}

interface Queue {
  send(message: ReceiptRequest): Promise<unknown>;
}

/** Sent when an order is placed; the queue's consumer answers it with a receipt. */
export interface ReceiptRequest {
  readonly order: string;
}

/** The database in the dialect it speaks. Nothing else in this shop depends on where it runs. */
export function openDatabase(database: Environment["DB"]): Database {
  const dialect =
    "prepare" in database ? new D1Dialect({ database }) : new PostgresDialect({ pool: database });
  return new Kysely<Tables>({ dialect });
}
