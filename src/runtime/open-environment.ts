import type { Pool } from "pg";
import { openBlobContainer } from "./blob-container.ts";
import { findPostgresUrl } from "./find-postgres-url.ts";
import { openPool } from "./open-pool.ts";
import type { Bindings } from "./portable-app.ts";
import { openPostgresKv } from "./postgres-kv.ts";
import { openPostgresQueue, type PostgresQueue } from "./postgres-queue.ts";
import { openPubsubTopic } from "./pubsub-topic.ts";
import { openS3Bucket } from "./s3-bucket.ts";
import { readServiceUrl, type TextVariables } from "./service-url.ts";
import { splitList } from "./split-list.ts";
import { openSqliteDatabase, type SqliteDatabase } from "./sqlite-database.ts";
import { openSqsQueue } from "./sqs-queue.ts";
import { openVercelBlob } from "./vercel-blob.ts";
import { openVercelQueue } from "./vercel-queue.ts";

/** What a URL of a scheme is opened as, by the scheme with its colon. */
export type Openers = Readonly<Record<string, (url: URL) => unknown>>;

export interface OpenEnvironment {
  /** Each variable under its name: opened where `SUPERCARGO_BINDINGS` names it, else the text as it is. */
  readonly env: Bindings;
  /** The queue in PostgreSQL that a variable names. @throws TypeError when it names none. */
  readonly queueOf: (variable: string) => { readonly name: string; readonly queue: PostgresQueue };
  /** Closes what was opened; what is under way may end first. */
  close(): Promise<void>;
}

/**
 * Turns the environment variables that `SUPERCARGO_BINDINGS` names (`DB,MEDIA`) into what an app finds on Cloudflare: `postgres:` is a pool of `pg`, or with `?kv=` or `?queue=` a store or
 * queue in it; `file:` a SQLite database with D1's interface, `s3:`, `azblob:` and `vercel-blob:` buckets with R2's; `sqs:`, `pubsub:` and `vercel-queue:` queues to send to. The JSON of a
 * service's credentials is the PostgreSQL that they lead to, or a store in it where the list says so (`CACHE?kv=seen`).
 * Nothing is connected before its first use. A faulty URL throws a TypeError then, with the variable's name and nothing of its text. `own` is what only one platform can open.
 */
export function openEnvironment(
  variables: TextVariables,
  report: (failure: unknown) => void,
  own: Openers = {},
): OpenEnvironment {
  const pools = new Map<string, Pool>();
  const files: SqliteDatabase[] = [];
  const poolOf = (url: URL): Pool => {
    const address = new URL(url);
    for (const name of ["kv", "queue"]) address.searchParams.delete(name);
    const known = pools.get(address.href);
    if (known !== undefined) return known;
    const pool = openPool(address.href, report);
    pools.set(address.href, pool);
    return pool;
  };
  const openPostgres = (url: URL): unknown => {
    const kv = url.searchParams.get("kv");
    const queue = url.searchParams.get("queue");
    if (kv !== null) return openPostgresKv(poolOf(url), kv);
    return queue === null ? poolOf(url) : openPostgresQueue(poolOf(url), queue);
  };
  const openers: Openers = {
    ...own,
    "postgres:": openPostgres,
    "postgresql:": openPostgres,
    "file:": (url) => {
      const file = openSqliteDatabase(decodeURIComponent(url.pathname));
      files.push(file);
      return file;
    },
    "azblob:": (url) => openBlobContainer(url, variables),
    "s3:": (url) => openS3Bucket(readServiceUrl(url, variables)),
    "sqs:": (url) => openSqsQueue(readServiceUrl(url, variables)),
    "pubsub:": openPubsubTopic,
    // Vercel itself keeps the store's token in a variable; the URL says which.
    "vercel-blob:": ({ pathname }) => openVercelBlob(variables[pathname] ?? ""),
    "vercel-queue:": (url) => openVercelQueue(url, variables),
  };
  return {
    env: openLate(variables, openers),
    queueOf(variable) {
      const url = readUrl(variables[variable] ?? "");
      const name = url?.searchParams.get("queue") ?? null;
      if (url === undefined || name === null || !url.protocol.startsWith("postgres")) {
        throw new TypeError(`the environment variable ${variable} names no queue in PostgreSQL`);
      }
      return { name, queue: openPostgresQueue(poolOf(url), name) };
    },
    async close() {
      for (const file of files.splice(0)) file.close();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      pools.clear();
    },
  };
}

function openLate(variables: TextVariables, openers: Openers): Bindings {
  const env: Record<string, unknown> = { ...variables };
  for (const entry of splitList(variables.SUPERCARGO_BINDINGS, ",")) {
    const [name = "", options = ""] = entry.split("?");
    let opened: unknown;
    const get = (): unknown => {
      opened ??= openNamed({ name, text: variables[name], options }, openers);
      return opened;
    };
    Object.defineProperty(env, name, { get, enumerable: true });
  }
  return env;
}

interface NamedBinding {
  readonly name: string;
  readonly text: string | undefined;
  /** What the list of bindings says of it beside its name, `kv=seen`. */
  readonly options: string;
}

function openNamed({ name, text, options }: NamedBinding, openers: Openers): unknown {
  if (text === undefined) throw new TypeError(`the environment variable ${name} is not set`);
  try {
    const url = text.startsWith("{") ? findPostgresUrl(text) : readUrl(text);
    if (url === undefined) throw new TypeError("it holds no URL");
    for (const [key, value] of new URLSearchParams(options)) url.searchParams.set(key, value);
    const open = openers[url.protocol];
    if (open === undefined) throw new TypeError("it names no binding");
    return open(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    throw new TypeError(`the environment variable ${name} cannot be opened: ${reason}`);
  }
}

function readUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
