import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bucket } from "../../src/runtime/bucket.ts";
import { openNetlifyBucket } from "../../src/runtime/netlify-bucket.ts";
import { openNetlifyKv } from "../../src/runtime/netlify-kv.ts";
import { createNetlifyStores } from "../../src/runtime/netlify-store.ts";
import type { PostgresKv } from "../../src/runtime/postgres-kv.ts";
import { startNetlifyBlobs } from "../portable/netlify-blobs-stand-in.ts";

let stand: Awaited<ReturnType<typeof startNetlifyBlobs>>;
let bucket: Bucket;
let kv: PostgresKv;
beforeAll(async () => {
  stand = await startNetlifyBlobs();
  const stores = createNetlifyStores({ SITE_ID: stand.site });
  stores.admit(stand);
  bucket = openNetlifyBucket(stores.open("media"));
  kv = openNetlifyKv(stores.open("seen"));
});
afterAll(() => stand.close());

describe("a bucket at Netlify", () => {
  test("is empty before anything is written to it", async () => {
    expect(await bucket.list()).toEqual({ objects: [], truncated: false });
    expect(await bucket.get("nothing")).toBeNull();
  });

  test("keeps bytes with their type, and gives them back with what is known of them", async () => {
    const key = "pictures/100% sure?#1 ~20 & ü.svg";
    const put = await bucket.put(key, "<svg/>", { httpMetadata: { contentType: "image/svg+xml" } });
    expect(put).toMatchObject({ key, size: 6, httpMetadata: { contentType: "image/svg+xml" } });
    const got = await bucket.get(key);
    expect(got).toMatchObject({ ...put, httpEtag: `"${put.etag}"` });
    expect(await got?.text()).toBe("<svg/>");
    expect(await bucket.head(key)).toEqual(put);
    const { objects } = await bucket.list({ prefix: "pictures/100% s" });
    expect(objects).toEqual([put]);
  });

  test("takes a later value in place of an earlier one, a stream and none at all", async () => {
    await bucket.put("a", "first");
    await bucket.put("a", new Blob(["second"]).stream());
    expect(await (await bucket.get("a"))?.text()).toBe("second");
    await bucket.put("empty", null);
    expect((await (await bucket.get("empty"))?.arrayBuffer())?.byteLength).toBe(0);
    await bucket.delete(["a", "empty", "nothing"]);
    await bucket.delete([]);
    expect(await bucket.head("a")).toBeNull();
  });

  test("lists by prefix, page by page of any length, in order of bytes", async () => {
    for (const key of ["p/3", "p/\u{1F6A2}", "p/1", "p/\uFF5E", "p/2", "q"])
      await bucket.put(key, key);
    const keysOf = ({ objects }: Awaited<ReturnType<Bucket["list"]>>) =>
      objects.map(({ key }) => key);
    const first = await bucket.list({ prefix: "p/", limit: 2 });
    expect([keysOf(first), first.truncated]).toEqual([["p/1", "p/2"], true]);
    const second = await bucket.list({ prefix: "p/", limit: 2, cursor: first.cursor });
    expect(keysOf(second)).toEqual(["p/3", "p/\uFF5E"]);
    const third = await bucket.list({ prefix: "p/", limit: 2, cursor: second.cursor });
    expect([keysOf(third), third.truncated]).toEqual([["p/\u{1F6A2}"], false]);
  });

  test("asks again when the store is busy, and says no word of its answer when that is of no use", async () => {
    stand.fail(2);
    await bucket.put("patient", "x");
    stand.fail(100);
    await expect(bucket.put("given-up", "x")).rejects.toThrow(
      /^the blob store answered PUT with 503$/,
    );
    stand.fail(0);
  }, 20_000);

  test.each(["", "/a", "a//b", "../a", "a/.", "x".repeat(601), "ü".repeat(101)])(
    "takes no key %s",
    async (key) => {
      await expect(bucket.get(key)).rejects.toThrow(TypeError);
    },
  );
});

test("a store is asked with the token of the call alone, and not without the address past the cache", async () => {
  const stores = createNetlifyStores({ SITE_ID: stand.site });
  const late = openNetlifyBucket(stores.open("media"));
  await expect(late.get("a")).rejects.toThrow("Netlify gave this function no way");
  const cached = { url: "http://cached.invalid", token: "t" };
  stores.admit({ blobs: Buffer.from(JSON.stringify(cached)).toString("base64") });
  await expect(late.get("a")).rejects.toThrow("Netlify gave this function no way");
  stores.admit(stand);
  expect(await late.get("a")).toBeNull();
  stores.admit({});
  await expect(late.get("a")).rejects.toThrow("Netlify gave this function no way");
});

describe("a kv at Netlify", () => {
  test("gives values back as they are asked for, with their metadata", async () => {
    await kv.put("k", '{"a":1}', { metadata: { by: "me" } });
    expect(await kv.get("k")).toBe('{"a":1}');
    expect(await kv.get("k", "json")).toEqual({ a: 1 });
    expect(await kv.getWithMetadata("k", { type: "json" })).toEqual({
      value: { a: 1 },
      metadata: { by: "me" },
    });
    expect(await kv.get("nothing")).toBeNull();
  });

  test("forgets what expired, and what is deleted", async () => {
    await kv.put("over", "x", { expiration: 1 });
    await kv.put("soon", "x", { expirationTtl: 3600 });
    await kv.put("gone", "x");
    await kv.delete("gone");
    expect([await kv.get("over"), await kv.get("soon"), await kv.get("gone")]).toEqual([
      null,
      "x",
      null,
    ]);
    expect(await kv.list()).toEqual({
      keys: [{ name: "k", metadata: { by: "me" } }, { name: "soon" }],
      list_complete: true,
    });
    const first = await kv.list({ limit: 1 });
    expect(first).toMatchObject({ keys: [{ name: "k" }], list_complete: false, cursor: "k" });
  });
});
