import { FRONT, storageBinding } from "./build-options.ts";
import type { BucketObject, DataPlane, SqlOutcome, SqlResult, SqlStatement } from "./data-plane.ts";
import { LIST_HEADER, LIST_KEY } from "./front-worker.ts";
import type { RunningWorkerd, WorkerdRuntime } from "./workerd-runtime.ts";

/** The parts of workerd's D1 binding that are used here; bindings reach this process as proxies. */
interface D1Statement {
  bind(...values: unknown[]): D1Statement;
}
interface D1Binding {
  prepare(sql: string): D1Statement;
  batch(statements: D1Statement[]): Promise<SqlResult[]>;
}

/** Runs statements as one D1 batch, which is a transaction. */
export async function runSql(
  runtime: WorkerdRuntime,
  database: string,
  statements: readonly SqlStatement[],
  raw: boolean,
): Promise<SqlOutcome> {
  return runtime.use(async ({ miniflare }) => {
    const name = storageBinding.database(database);
    const binding = (await miniflare.getD1Database(name, FRONT)) as unknown as D1Binding;
    try {
      const prepared = statements.map(({ sql, params }) =>
        params.length === 0 ? binding.prepare(sql) : binding.prepare(sql).bind(...params),
      );
      const results = prepared.length === 0 ? [] : await binding.batch(prepared);
      return { ok: true, results: raw ? results.map(toRaw) : results.map(pickResult) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  });
}

function pickResult({ results, success, meta }: SqlResult): SqlResult {
  return { results, success, meta };
}

function toRaw({ results, success, meta }: SqlResult): SqlResult {
  const rows = Array.isArray(results)
    ? (results as readonly Readonly<Record<string, unknown>>[])
    : [];
  const columns = Object.keys(rows[0] ?? {});
  return {
    results: { columns, rows: rows.map((row) => columns.map((column) => row[column])) },
    success,
    meta,
  };
}

/** The R2 part of the data plane. */
export function createBucketAccess(runtime: WorkerdRuntime): DataPlane["buckets"] {
  const on = <T>(bucket: string, work: (binding: R2Binding) => Promise<T>) =>
    runtime.use(async (running) => work(await openBucket(running, bucket)));
  return {
    list: (bucket, { prefix, cursor, limit }) =>
      runtime.use(async ({ miniflare }) => {
        const options = { prefix, cursor, limit, include: ["httpMetadata"] };
        const body = JSON.stringify({ binding: storageBinding.bucket(bucket), options });
        const answer = await miniflare.dispatchFetch("http://front/", {
          ...{ method: "POST", body, headers: { [LIST_HEADER]: LIST_KEY } },
        });
        if (!answer.ok) throw new Error(`the list of a bucket was answered with ${answer.status}`);
        const page = (await answer.json()) as R2Page;
        const objects = page.objects.map((object) =>
          describeObject({ ...object, uploaded: new Date(object.uploaded) }),
        );
        return page.truncated ? { objects, cursor: page.cursor } : { objects };
      }),
    get: (bucket, key) =>
      on(bucket, async (binding) => {
        const object = await binding.get(key);
        if (object === null) return undefined;
        return { ...describeObject(object), bytes: new Uint8Array(await object.arrayBuffer()) };
      }),
    put: (bucket, key, bytes, contentType) =>
      on(bucket, async (binding) =>
        describeObject(
          await binding.put(key, bytes, { httpMetadata: omitUndefined({ contentType }) }),
        ),
      ),
    delete: (bucket, key) => on(bucket, (binding) => binding.delete(key)),
  };
}

interface R2Described {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly uploaded: Date;
  readonly httpMetadata?: { readonly contentType?: string } | undefined;
}
/** What the front answers; times are RFC 3339. */
interface R2Page {
  readonly objects: readonly (Omit<R2Described, "uploaded"> & { readonly uploaded: string })[];
  readonly truncated: boolean;
  readonly cursor?: string;
}
interface R2Binding {
  get(key: string): Promise<(R2Described & { arrayBuffer(): Promise<ArrayBuffer> }) | null>;
  put(key: string, bytes: Uint8Array, options: object): Promise<R2Described>;
  delete(key: string): Promise<void>;
}

async function openBucket({ miniflare }: RunningWorkerd, bucket: string): Promise<R2Binding> {
  return (await miniflare.getR2Bucket(
    storageBinding.bucket(bucket),
    FRONT,
  )) as unknown as R2Binding;
}

function describeObject(object: R2Described): BucketObject {
  return {
    key: object.key,
    size: object.size,
    etag: object.etag,
    uploaded: object.uploaded.toISOString(),
    contentType: object.httpMetadata?.contentType,
  };
}

interface KvBinding {
  list(options: object): Promise<{
    keys: { name: string; expiration?: number; metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
  getWithMetadata(
    key: string,
    type: "arrayBuffer",
  ): Promise<{ value: ArrayBuffer | null; metadata: unknown }>;
  put(key: string, bytes: Uint8Array, options: object): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The KV part of the data plane. */
export function createNamespaceAccess(runtime: WorkerdRuntime): DataPlane["namespaces"] {
  const on = <T>(namespace: string, work: (binding: KvBinding) => Promise<T>) =>
    runtime.use(async ({ miniflare }) => {
      const name = storageBinding.namespace(namespace);
      return work((await miniflare.getKVNamespace(name, FRONT)) as unknown as KvBinding);
    });
  return {
    list: (namespace, { prefix, cursor, limit }) =>
      on(namespace, async (binding) => {
        const page = await binding.list(omitUndefined({ prefix, cursor, limit }));
        return page.list_complete ? { keys: page.keys } : { keys: page.keys, cursor: page.cursor };
      }),
    get: (namespace, key) =>
      on(namespace, async (binding) => {
        const { value, metadata } = await binding.getWithMetadata(key, "arrayBuffer");
        return value === null ? undefined : { bytes: new Uint8Array(value), metadata };
      }),
    put: (namespace, key, bytes, options) =>
      on(namespace, (binding) => binding.put(key, bytes, omitUndefined(options))),
    delete: (namespace, key) => on(namespace, (binding) => binding.delete(key)),
  };
}

/** workerd takes an option that is there but undefined for a wrong one. */
function omitUndefined(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
