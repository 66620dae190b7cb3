import { afterEach, describe, expect, test } from "vitest";
import { openBlobContainer } from "../../src/runtime/blob-container.ts";
import { startBlobStorage } from "../portable/blob-stand-in.ts";

type Storage = Awaited<ReturnType<typeof startBlobStorage>>;

let storage: Storage | undefined;
afterEach(() => storage?.close());

async function start(options?: Parameters<typeof startBlobStorage>[0]) {
  storage = await startBlobStorage(options);
  return storage;
}

const open = ({ url, identity }: Storage) => openBlobContainer(new URL(url), identity);

describe("a bucket on Azure", () => {
  test("asks for a token once, and again only when it is about to end", async () => {
    const long = await start();
    const bucket = open(long);
    await Promise.all(["a", "b", "c"].map((key) => bucket.put(key, key)));
    for (const key of ["a", "b", "c"]) await bucket.put(key, key);
    expect(long.tokens.size).toBe(1);
    long.close();

    // One that ends within the margin is none to keep.
    const short = await start({ tokenSeconds: 200 });
    const other = open(short);
    for (const key of ["a", "b", "c"]) await other.put(key, key);
    expect(short.tokens.size).toBe(3);
  });

  test("repeats what the store could not do at that moment, and gives up with its code", async () => {
    const busy = await start();
    const bucket = open(busy);
    busy.fail(503, 2);
    await bucket.put("note", "one");
    expect(await (await bucket.get("note"))?.text()).toBe("one");
    busy.fail(403, 1);
    await expect(bucket.get("note")).rejects.toThrow(
      "the object store answered GET with 403 (ServerBusy)",
    );
  });

  test("says what was refused without the token, and is refused where it is not the app's", async () => {
    const { url, identity, tokens } = await start();
    const elsewhere = new URL(url.replace("/objects", "/others"));
    const failure = await openBlobContainer(elsewhere, identity)
      .head("x")
      .catch((error: unknown) => String(error));
    expect(failure).toBe("Error: the object store answered HEAD with 404 (ContainerNotFound)");
    for (const token of tokens.keys()) expect(failure).not.toContain(token);
  });

  test("says that the identity is not to be had, and asks again next time", async () => {
    const { url, identity } = await start();
    const wrong = { ...identity, IDENTITY_HEADER: "canary" };
    const bucket = openBlobContainer(new URL(url), wrong);
    for (const _ of [1, 2])
      await expect(bucket.get("x")).rejects.toThrow(
        /^the machine's identity was answered with 400$/,
      );
  });

  test("lists names that XML cannot hold", async () => {
    const bucket = open(await start());
    const keys = ["a\u0001b", "100%", "c&d<e>"];
    for (const key of keys) await bucket.put(key, key);
    const { objects } = await bucket.list();
    expect(objects.map(({ key }) => key).sort()).toEqual([...keys].sort());
    const [first] = objects;
    expect(first?.etag).toBe((await bucket.head(first?.key ?? ""))?.etag);
  });

  test("refuses keys that would lead elsewhere", async () => {
    const bucket = open(await start());
    for (const key of ["", "../others/secret", "a/./b", ".."])
      await expect(bucket.get(key)).rejects.toThrow("a key has at least one character");
  });
});
