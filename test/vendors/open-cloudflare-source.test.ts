import { describe, expect, test } from "vitest";
import { openCloudflareSource } from "../../src/adapters/vendors/cloudflare/open-cloudflare-source.ts";
import { Secret } from "../../src/util/secret.ts";

/** A vendor that knows its lists of databases, stores and queues, and answers everything else in one way. */
function openSource(status: number, result: unknown) {
  const known = {
    uuid: "1",
    id: "2",
    queue_id: "3",
    name: "shop",
    title: "shop",
    queue_name: "shop",
  };
  const isLookup = (path: string) => /\/(d1\/database|kv\/namespaces|queues)$/.test(path);
  return openCloudflareSource({
    endpoint: "https://api.example.com/client/v4",
    credential: new Secret("token"),
    accountId: "account",
    async fetch(url) {
      const { pathname } = new URL(url);
      if (isLookup(pathname)) return Response.json({ success: true, result: [known] });
      return Response.json({ success: status < 400, result }, { status });
    },
  });
}

const READS = {
  async rows(source: ReturnType<typeof openSource>) {
    return (await source.database("shop")).query("SELECT 1");
  },
  objects: async (source: ReturnType<typeof openSource>) => (await source.bucket("shop")).list(),
  keys: async (source: ReturnType<typeof openSource>) => (await source.store("shop")).list(),
  backlog: (source: ReturnType<typeof openSource>) => source.backlog("shop"),
};

describe.each(Object.entries(READS))("%s of what is left", (_, read) => {
  test("are never taken as none when the place is not there", async () => {
    await expect(read(openSource(404, null))).rejects.toMatchObject({ code: "status-404" });
  });

  test("are never taken as none when the answer holds none", async () => {
    await expect(read(openSource(200, {}))).rejects.toMatchObject({
      code: expect.stringMatching(/^no-/),
    });
  });
});

test("an object or a key that went since it was listed is no error", async () => {
  const source = openSource(404, null);
  expect(await (await source.bucket("shop")).read("a.txt")).toBeUndefined();
  expect(await (await source.store("shop")).read("a")).toBeUndefined();
});

test("ending names that are gone already is no error", async () => {
  await openSource(404, null).quiet(["shop"], ["zone"]);
});

test("a redirect is not followed with the credential, and no text of the vendor's is told", async () => {
  const asked: (RequestInit | undefined)[] = [];
  const open = (answer: Response) =>
    openCloudflareSource({
      endpoint: "https://api.example.com/client/v4",
      credential: new Secret("token"),
      accountId: "account",
      async fetch(_, init) {
        asked.push(init);
        return answer.clone();
      },
    });
  const moved = new Response(null, { status: 302, headers: { location: "https://evil.example" } });
  await expect(open(moved).backlog("shop")).rejects.toMatchObject({ code: "status-302" });
  expect(asked.map((init) => init?.redirect)).toEqual(["manual"]);
  const page = open(new Response("<html>secret-canary</html>"));
  await expect(page.backlog("shop")).rejects.toMatchObject({ code: "malformed" });
});

describe("a queue that is looked for", () => {
  const open = (...pages: readonly object[]) =>
    openCloudflareSource({
      endpoint: "https://api.example.com/client/v4",
      credential: new Secret("token"),
      accountId: "account",
      async fetch(url) {
        const { pathname, searchParams } = new URL(url);
        if (pathname.endsWith("/metrics"))
          return Response.json({ success: true, result: { backlog_count: 7 } });
        const page = pages[Number(searchParams.get("page")) - 1];
        return Response.json({ success: true, ...page });
      },
    });
  const info = { total_pages: 2 };

  test("is never taken as gone when the answer is no list", async () => {
    for (const page of [{ result: null }, { result: { queues: [] } }, {}])
      await expect(open(page).backlog("shop")).rejects.toMatchObject({ code: "malformed" });
  });

  test("is found behind a page that is shorter than what was asked for", async () => {
    const first = { result: [{ queue_id: "1", queue_name: "other" }], result_info: info };
    const second = { result: [{ queue_id: "2", queue_name: "shop" }], result_info: info };
    expect(await open(first, second).backlog("shop")).toBe(7);
  });

  test("is gone when no page has it", async () => {
    const other = { result: [{ queue_id: "1", queue_name: "other" }] };
    const last = { ...other, result_info: info };
    await expect(open(last, last).backlog("shop")).rejects.toMatchObject({ code: "no-shop" });
    await expect(open(other).backlog("shop")).rejects.toMatchObject({ code: "no-shop" });
  });

  test("is never taken as gone when pages that are said to follow hold nothing", async () => {
    const empty = { result: [], result_info: { total_pages: 1e12 } };
    await expect(open(empty).backlog("shop")).rejects.toMatchObject({ code: "malformed" });
  });
});
