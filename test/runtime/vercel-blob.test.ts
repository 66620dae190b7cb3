import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bucket } from "../../src/runtime/bucket.ts";
import { openEnvironment } from "../../src/runtime/open-environment.ts";
import { openVercelBlob } from "../../src/runtime/vercel-blob.ts";
import { startBlobStore } from "../portable/vercel-blob-stand-in.ts";

let store: Awaited<ReturnType<typeof startBlobStore>>;
let bucket: Bucket;
beforeAll(async () => {
  store = await startBlobStore();
  const { origin } = store;
  bucket = openVercelBlob(store.token, { api: `${origin}/api`, objects: `${origin}/objects` });
});
afterAll(() => store.close());

describe("a bucket at Vercel", () => {
  test("keeps bytes with their type, and gives them back with what is known of them", async () => {
    const key = "pictures/100% sure?#1 & ü.svg";
    const put = await bucket.put(key, "<svg/>", { httpMetadata: { contentType: "image/svg+xml" } });
    expect(put).toMatchObject({ key, size: 6, httpMetadata: { contentType: "image/svg+xml" } });
    const got = await bucket.get(key);
    expect(got).toMatchObject({ key, size: 6, etag: put.etag, httpEtag: `"${put.etag}"` });
    expect(await got?.text()).toBe("<svg/>");
    expect(await bucket.head(key)).toMatchObject({ key, size: 6, etag: put.etag });
  });

  test("takes a later value in place of an earlier one, a stream and none at all", async () => {
    await bucket.put("a", "first");
    await bucket.put("a", new Blob(["second"]).stream());
    expect(await (await bucket.get("a"))?.text()).toBe("second");
    await bucket.put("empty", null);
    expect((await (await bucket.get("empty"))?.arrayBuffer())?.byteLength).toBe(0);
  });

  test("says of what is not there that it is not, and removes it without a word", async () => {
    expect(await bucket.get("nothing")).toBeNull();
    expect(await bucket.head("nothing")).toBeNull();
    await bucket.put("b", "x");
    await bucket.delete(["b", "nothing"]);
    await bucket.delete([]);
    expect(await bucket.get("b")).toBeNull();
  });

  test("lists by prefix, page by page", async () => {
    for (const key of ["p/3", "p/1", "p/2", "q"]) await bucket.put(key, key);
    const first = await bucket.list({ prefix: "p/", limit: 2 });
    expect(first.objects.map(({ key }) => key)).toEqual(["p/1", "p/2"]);
    expect(first.truncated).toBe(true);
    const second = await bucket.list({ prefix: "p/", limit: 2, cursor: first.cursor });
    expect(second).toMatchObject({ objects: [{ key: "p/3", size: 3 }], truncated: false });
  });

  test("asks again when the store is busy", async () => {
    store.fail(2);
    await bucket.put("patient", "x");
    store.fail(1);
    expect(await (await bucket.get("patient"))?.text()).toBe("x");
  });

  test("takes for not there only what the store itself says is not there", async () => {
    await bucket.put("kept", "x");
    store.lose();
    expect(await (await bucket.get("kept"))?.text()).toBe("x");
    for (const ask of [
      () => bucket.head("kept"),
      () => bucket.list(),
      () => bucket.put("kept", "y"),
      () => bucket.delete("kept"),
    ]) {
      store.lose();
      await expect(ask()).rejects.toThrow(/^the blob store answered \w+ with 404 \(no code\)$/);
      store.lose("store_not_found");
      await expect(ask()).rejects.toThrow(/ with 404 \(store_not_found\)$/);
    }
    for (const ask of [() => bucket.list(), () => bucket.put("kept", "y")]) {
      store.lose("not_found");
      await expect(ask()).rejects.toThrow(/ with 404 \(not_found\)$/);
    }
    expect(await (await bucket.get("kept"))?.text()).toBe("x");
  });

  test("says what the store refuses by status and code, and nothing of its text", async () => {
    const { origin } = store;
    const other = openVercelBlob("vercel_blob_rw_Store1_wrong", {
      api: `${origin}/api`,
      objects: `${origin}/objects`,
    });
    const attempts = [other.get("a"), other.head("a"), other.put("a", "x"), other.list()];
    for (const error of await Promise.all(attempts.map((one) => one.then(String, String)))) {
      expect(error).toMatch(/the blob store answered \w+ with 403 \(forbidden\)$/);
    }
  });

  test.each(["", "../a", "a/./b", "/a", "a//b", "x".repeat(951)])(
    "refuses the key %j, which would be another place or none",
    async (key) => {
      await expect(bucket.get(key)).rejects.toThrow(TypeError);
      await expect(bucket.put(key, "x")).rejects.toThrow(TypeError);
    },
  );
});

test("is opened by the variable that holds its token, of which no error says anything", () => {
  const open = (token: string | undefined) =>
    openEnvironment(
      { SUPERCARGO_BINDINGS: "MEDIA", MEDIA: "vercel-blob:TOKEN", TOKEN: token },
      () => undefined,
    ).env.MEDIA;
  expect(open("vercel_blob_rw_Store1_secret")).toHaveProperty("put");
  for (const token of [undefined, "canary"])
    expect(() => open(token)).toThrow(
      new TypeError(
        "the environment variable MEDIA cannot be opened: its token is none of Vercel Blob",
      ),
    );
});
