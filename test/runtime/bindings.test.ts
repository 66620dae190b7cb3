import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBlobContainer } from "../../src/runtime/blob-container.ts";
import type { Bucket } from "../../src/runtime/bucket.ts";
import { openPool } from "../../src/runtime/open-pool.ts";
import { openPostgresKv, type PostgresKv } from "../../src/runtime/postgres-kv.ts";
import { openS3Bucket } from "../../src/runtime/s3-bucket.ts";
import { readServiceUrl } from "../../src/runtime/service-url.ts";
import { openSqliteDatabase, type SqliteDatabase } from "../../src/runtime/sqlite-database.ts";
import { startBlobStorage } from "../portable/blob-stand-in.ts";
import { findObjectStore, startObjectStore } from "../support/start-object-store.ts";
import { startPostgres } from "../support/start-postgres.ts";

const store = await findObjectStore();
if ("missing" in store) console.warn(`skipped the bucket outside Cloudflare: ${store.missing}`);

/** workerd's own bindings: what our stand-ins for them are compared with. */
let workerd: Miniflare;
const ends = new AsyncDisposableStack();
beforeAll(() => {
  workerd = new Miniflare({
    modules: true,
    script: "export default {}",
    d1Databases: ["DB"],
    r2Buckets: ["BUCKET"],
    kvNamespaces: ["KV"],
  });
  ends.defer(() => workerd.dispose());
});
afterAll(() => ends.disposeAsync());

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sc-runtime-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const databases: Readonly<Record<string, () => Promise<SqliteDatabase>>> = {
  "Cloudflare D1": async () => (await workerd.getD1Database("DB")) as unknown as SqliteDatabase,
  "a SQLite file": async () => {
    const database = openSqliteDatabase(join(makeFolder(), "test.sqlite"));
    ends.defer(() => database.close());
    return database;
  },
};

describe.each(Object.entries(databases))("a database: %s", (_, open) => {
  let db: SqliteDatabase;
  beforeAll(async () => {
    db = await open();
    await db.exec(
      "CREATE TABLE goods (name TEXT PRIMARY KEY, cents INTEGER, weight REAL, picture BLOB)",
    );
  });

  test("answers statements with rows, one row, a column or arrays", async () => {
    const insert = db.prepare("INSERT INTO goods (name, cents, weight) VALUES (?, ?, ?)");
    const { meta } = await insert.bind("compass", 3400, 0.5).run();
    expect(meta.changes).toBe(1);
    await insert.bind('it\'s ?1 "quoted"', 1, null).run();
    const all = db.prepare("SELECT name, cents, weight FROM goods ORDER BY cents DESC");
    expect((await all.all()).results).toEqual([
      { name: "compass", cents: 3400, weight: 0.5 },
      { name: 'it\'s ?1 "quoted"', cents: 1, weight: null },
    ]);
    expect(await all.first()).toEqual({ name: "compass", cents: 3400, weight: 0.5 });
    expect(await all.first("cents")).toBe(3400);
    expect((await all.raw())[0]).toEqual(["compass", 3400, 0.5]);
    expect(
      await db.prepare("SELECT * FROM goods WHERE name = ?").bind("anchor").first(),
    ).toBeNull();
    const numbered = db.prepare("SELECT ?2 AS b, ?1 AS a, ?2 AS c").bind("x", "y");
    expect(await numbered.first()).toEqual({ a: "x", b: "y", c: "y" });
  });

  test("takes a batch as a whole or not at all", async () => {
    const insert = db.prepare("INSERT INTO goods (name, cents) VALUES (?, ?)");
    const count = db.prepare("SELECT COUNT(*) AS count FROM goods");
    const before = await count.first("count");
    await expect(db.batch([insert.bind("sail", 1), insert.bind("sail", 2)])).rejects.toThrow(
      /UNIQUE/,
    );
    expect(await count.first("count")).toBe(before);
    const [, second] = await db.batch([
      insert.bind("sail", 1),
      db.prepare("UPDATE goods SET cents = 5 WHERE name = 'sail' RETURNING cents"),
    ]);
    expect(second?.results).toEqual([{ cents: 5 }]);
  });
});

const buckets: Readonly<Record<string, () => Promise<Bucket>>> = {
  "Cloudflare R2": async () => (await workerd.getR2Bucket("BUCKET")) as unknown as Bucket,
  "an S3-compatible store": async () => {
    const server = await startObjectStore("program" in store ? store.program : "");
    ends.defer(() => server.remove());
    return openS3Bucket(readServiceUrl(new URL(await server.makeBucket("things")), {}));
  },
  "Azure's Blob Storage": async () => {
    const storage = await startBlobStorage();
    ends.defer(storage.close);
    return openBlobContainer(new URL(storage.url), storage.identity);
  },
};

describe.each(Object.entries(buckets))("a bucket: %s", (title, open) => {
  const isMissing = "missing" in store && title.includes("S3");
  let bucket: Bucket;
  beforeAll(async () => {
    if (!isMissing) bucket = await open();
  });

  test.skipIf(isMissing)("keeps objects of any content under keys of any text", async () => {
    const bytes = new Uint8Array(70_000).map((_, index) => index % 251);
    const keys = [
      "plain",
      "a/b/c.svg",
      "spaces and +plus",
      "naïve/日本 ☕",
      "q?x=1&y=%2F#z",
      "<&>'\"",
      ...["a:b@c", "~*()!"],
    ];
    for (const key of keys) {
      const put = await bucket.put(key, bytes, { httpMetadata: { contentType: "image/png" } });
      expect(put).toMatchObject({ key, size: bytes.length });
      const found = await bucket.get(key);
      expect(found).toMatchObject({ key, httpMetadata: { contentType: "image/png" } });
      expect(new Uint8Array((await found?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes);
      expect((await bucket.head(key))?.size).toBe(bytes.length);
    }
    const { objects, truncated } = await bucket.list();
    expect(truncated).toBe(false);
    expect(objects.map(({ key }) => key).sort()).toEqual([...keys].sort());
    await bucket.delete(keys);
    expect((await bucket.list()).objects).toEqual([]);
  });

  test.skipIf(isMissing)("replaces, forgets, and answers null for what isn't there", async () => {
    await bucket.put("note", "one");
    const { etag } = await bucket.put("note", "two");
    const found = await bucket.get("note");
    expect(await found?.text()).toBe("two");
    expect(found?.etag).toBe(etag);
    await bucket.delete("note");
    await bucket.delete("note");
    expect([await bucket.get("note"), await bucket.head("note")]).toEqual([null, null]);
    await bucket.put("empty", "");
    expect(await (await bucket.get("empty"))?.text()).toBe("");
    await bucket.delete("empty");
  });

  test.skipIf(isMissing)("lists in pages and below a prefix", async () => {
    for (const key of ["p/1", "p/2", "p/3", "q/1"]) await bucket.put(key, key);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bucket.list({
        prefix: "p/",
        limit: 2,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...page.objects.map(({ key }) => key));
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(["p/1", "p/2", "p/3"]);
  });
});

describe("a bucket outside Cloudflare", () => {
  const open = (keys: string, host: string) =>
    openS3Bucket(readServiceUrl(new URL(`s3://${keys}@${host}/things?tls=false`), {}));

  test("refuses keys that would lead elsewhere", async () => {
    const bucket = open("a:b", "127.0.0.1:9");
    for (const key of ["", "../other/secret", "a/./b", ".."]) {
      await expect(bucket.get(key)).rejects.toThrow("a key has at least one character");
    }
  });

  test.skipIf("missing" in store)("says what was refused without the keys", async () => {
    const server = await startObjectStore("program" in store ? store.program : "");
    ends.defer(() => server.remove());
    const { host } = new URL(await server.makeBucket("things"));
    const failure = await open("nobody:canary-secret", host)
      .get("x")
      .catch((error: unknown) => String(error));
    expect(failure).toEqual(
      expect.stringMatching(/^Error: the object store answered GET with 40[34] \(\w+\)$/),
    );
  });
});

const kvs: Readonly<Record<string, () => Promise<PostgresKv>>> = {
  "Workers KV": async () => (await workerd.getKVNamespace("KV")) as unknown as PostgresKv,
  "a table in PostgreSQL": async () => {
    const server = await startPostgres({ fsync: false });
    const pool = openPool(server.url, () => undefined);
    ends.defer(async () => {
      await pool.end();
      await server.remove();
    });
    await openPostgresKv(pool, "other").put("visits", "another store's");
    return openPostgresKv(pool, "kv");
  },
};

describe.each(Object.entries(kvs))("a key-value store: %s", (_, open) => {
  let kv: PostgresKv;
  beforeAll(async () => {
    kv = await open();
  });

  test("keeps values with what is noted about them", async () => {
    expect(await kv.get("visits")).toBeNull();
    await kv.put("visits", "1");
    await kv.put("visits", "2", { metadata: { by: "ada" } });
    expect(await kv.get("visits")).toBe("2");
    expect(await kv.get("visits", "json")).toBe(2);
    expect(await kv.getWithMetadata("visits")).toMatchObject({
      value: "2",
      metadata: { by: "ada" },
    });
    const bytes = new Uint8Array([0, 255, 128]);
    await kv.put("bytes", bytes);
    const read = (await kv.get("bytes", { type: "arrayBuffer" })) as ArrayBuffer;
    expect(new Uint8Array(read)).toEqual(bytes);
    await kv.delete("bytes");
    expect(await kv.getWithMetadata("bytes")).toMatchObject({ value: null, metadata: null });
  });

  test("lists keys in the order of their bytes, in pages", async () => {
    for (const key of ["k/b", "k/a", "k/B", "k/%"]) await kv.put(key, key, { metadata: key });
    const first = await kv.list({ prefix: "k/", limit: 3 });
    expect(first.list_complete).toBe(false);
    const rest = await kv.list({ prefix: "k/", limit: 3, cursor: first.cursor ?? "" });
    expect(rest.list_complete).toBe(true);
    expect([...first.keys, ...rest.keys]).toMatchObject(
      ["k/%", "k/B", "k/a", "k/b"].map((name) => ({ name, metadata: name })),
    );
  });

  test("forgets what expired", async () => {
    await kv.put("later", "here", { expirationTtl: 3600 });
    await kv.put("soon", "here", { expiration: Math.floor(Date.now() / 1000) + 61 });
    expect([await kv.get("later"), await kv.get("soon")]).toEqual(["here", "here"]);
  });
});
