import { createHash, timingSafeEqual } from "node:crypto";
import type { Bucket } from "./bucket.ts";
import { listen } from "./listen.ts";
import { openEnvironment } from "./open-environment.ts";
import type { PostgresKv } from "./postgres-kv.ts";
import { readAddress } from "./read-address.ts";
import { reportFailure } from "./report-failure.ts";
import { runProcess } from "./run-process.ts";
import type { TextVariables } from "./service-url.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Items that are read at the same time. */
const PARALLEL = 8;

type Answer = Promise<unknown>;

/**
 * Stands beside an app with the app's own variables and writes into its bindings what a migration brings: `POST /?binding=MEDIA&act=put&key=a.txt`, with the bearer
 * `SUPERCARGO_MOVER_TOKEN`. JSON answers; the body of `put` is the value, that of the others JSON. Ends with SIGTERM.
 */
export function serveMover(variables: TextVariables = process.env): Promise<void> {
  return runProcess(async () => {
    const token = variables.SUPERCARGO_MOVER_TOKEN ?? "";
    if (token.length < 32) throw new Error("SUPERCARGO_MOVER_TOKEN is missing or short");
    const opened = openEnvironment(variables, reportFailure);
    const answer = async (request: Request): Promise<Response> => {
      if (!isEqual(request.headers.get("authorization") ?? "", `Bearer ${token}`))
        return new Response(null, { status: 401 });
      const query = new URL(request.url).searchParams;
      try {
        const value = await act(opened.env[query.get("binding") ?? ""], query, request);
        return Response.json(value ?? null);
      } catch (error) {
        reportFailure(error);
        return new Response(null, { status: 500 });
      }
    };
    const { port, close } = await listen(answer, readAddress(variables));
    return {
      port,
      async end() {
        await close();
        await opened.close();
      },
    };
  });
}

async function act(binding: unknown, query: URLSearchParams, request: Request): Answer {
  const [name, key] = [query.get("act") ?? "", query.get("key") ?? ""];
  const run = isDatabase(binding)
    ? databaseActs(binding)[name]
    : isBucket(binding)
      ? bucketActs(binding)[name]
      : storeActs(binding as PostgresKv)[name];
  if (run === undefined) throw new Error("no such act");
  return run(key, request, query);
}

type Acts = Readonly<
  Record<string, (key: string, request: Request, query: URLSearchParams) => Answer>
>;

function databaseActs(database: SqliteDatabase): Acts {
  return {
    query: async (_, request) => (await database.prepare(await request.text()).all()).results,
    async run(_, request) {
      const statements = (await request.json()) as readonly string[];
      // Rows come in no order that foreign keys would allow.
      await database.exec("PRAGMA foreign_keys = OFF");
      await database.batch(statements.map((sql) => database.prepare(sql)));
    },
  };
}

function bucketActs(bucket: Bucket): Acts {
  const list = async (): Promise<readonly string[]> => {
    const keys: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await bucket.list({ cursor });
      keys.push(...page.objects.map(({ key }) => key));
      cursor = page.cursor;
      if (!page.truncated) return keys;
    }
  };
  return {
    list,
    digests: async () =>
      digestAll(await list(), async (key) => {
        const found = await bucket.get(key);
        if (found === null) return undefined;
        const { contentType } = found.httpMetadata;
        return `${digestOf(await found.arrayBuffer())} ${JSON.stringify({ contentType })}`;
      }),
    async put(key, request, query) {
      const meta = JSON.parse(query.get("meta") ?? "{}") as { contentType?: string };
      await bucket.put(key, await request.arrayBuffer(), { httpMetadata: meta });
    },
    remove: (key) => bucket.delete(key),
  };
}

function storeActs(store: PostgresKv): Acts {
  const list = async (): Promise<readonly string[]> => {
    const keys: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await store.list({ cursor });
      keys.push(...page.keys.map(({ name }) => name));
      cursor = page.cursor;
      if (page.list_complete) return keys;
    }
  };
  return {
    list,
    digests: async () =>
      digestAll(await list(), async (key) => {
        const { value, metadata } = await store.getWithMetadata(key, "arrayBuffer");
        if (value === null) return undefined;
        return `${digestOf(value as ArrayBuffer)} ${JSON.stringify({ metadata })}`;
      }),
    async put(key, request, query) {
      await store.put(key, await request.arrayBuffer(), JSON.parse(query.get("meta") ?? "{}"));
    },
    remove: (key) => store.delete(key),
  };
}

/** Pairs of key and digest; what goes meanwhile is left out. */
async function digestAll(
  keys: readonly string[],
  digest: (key: string) => Promise<string | undefined>,
): Promise<readonly (readonly [key: string, digest: string])[]> {
  const pairs: (readonly [string, string])[] = [];
  for (let first = 0; first < keys.length; first += PARALLEL)
    await Promise.all(
      keys.slice(first, first + PARALLEL).map(async (key) => {
        const found = await digest(key);
        if (found !== undefined) pairs.push([key, found]);
      }),
    );
  return pairs;
}

function isDatabase(binding: unknown): binding is SqliteDatabase {
  return binding instanceof Object && "prepare" in binding;
}

function isBucket(binding: unknown): binding is Bucket {
  return binding instanceof Object && "head" in binding;
}

function digestOf(bytes: ArrayBuffer): string {
  return createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
