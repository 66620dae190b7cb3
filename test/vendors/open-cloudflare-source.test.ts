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
