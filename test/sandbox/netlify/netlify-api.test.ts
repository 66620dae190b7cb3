import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSchedule } from "../../../src/sandbox/netlify/parse-schedule.ts";
import { packFiles } from "../../../src/util/pack-files.ts";
import { startTestNetlify, type TestNetlify } from "./test-netlify.ts";

let netlify: TestNetlify;
beforeAll(async () => {
  netlify = await startTestNetlify();
});
afterAll(() => netlify.close());

async function call(method: string, path: string, body?: unknown, token = netlify.token) {
  const isBytes = body instanceof Uint8Array;
  const answer = await fetch(`${netlify.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}
const sha1 = (bytes: string) => hash("sha1", bytes, "hex");

/** What the site's host answers. */
async function visit(host: string, path: string) {
  const port = netlify.surface.findUpstream(host);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
  return [answer.status, await answer.text()];
}

describe("sites", () => {
  it("are somebody's alone, and so are their hosts", async () => {
    expect((await call("GET", "/sites", undefined, "other")).status).toBe(401);
    const made = await call("POST", "/sites", { name: "one", custom_domain: "one.example" });
    expect(made).toMatchObject({
      status: 201,
      body: { name: "one", custom_domain: "one.example" },
    });
    for (const taken of [{ name: "one" }, { name: "two", domain_aliases: ["one.example"] }])
      expect((await call("POST", "/sites", taken)).status).toBe(422);
    for (const name of ["One", "-one", "a.b", "x".repeat(64)])
      expect((await call("POST", "/sites", { name })).status).toBe(422);
    const path = `/sites/${made.body.id}`;
    expect((await call("PATCH", path, { custom_domain: null })).body.custom_domain).toBeNull();
    expect((await call("GET", "/sites?name=one")).body).toHaveLength(1);
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
  });
});

describe("deploys", () => {
  const page = "<h1>page</h1>";
  const told = `export const handler = async ({ rawUrl, httpMethod, body, blobs }) => {
    const { url_uncached, token } = JSON.parse(Buffer.from(blobs, "base64"));
    const at = url_uncached + "/" + process.env.SITE_ID + "/site:seen/k";
    const headers = { authorization: "Bearer " + token, "x-amz-meta-user": "b64;e30=" };
    await fetch(at, { method: "PUT", headers, body: "kept" });
    const kept = await (await fetch(at, { headers })).text();
    const path = new URL(rawUrl).pathname;
    return { statusCode: 200, body: [path, httpMethod, process.env.NAME, kept, typeof process.env.SANDBOX_NETLIFY].join() };
  };`;
  const archive = Buffer.from(
    packFiles(["app.mjs", "later.mjs"].map((name) => ({ name, content: Buffer.from(told) }))),
  );
  const digest = hash("sha256", archive, "hex");
  let site = "";
  beforeAll(async () => {
    site = (await call("POST", "/sites", { name: "shop" })).body.id;
  });

  it("ask for what nobody brought, and are published once all is there", async () => {
    const files = { "/index.html": sha1(page), "/_redirects": sha1("/old / 301\n") };
    const begun = await call("POST", `/sites/${site}/deploys?title=first`, { files });
    expect(begun.body).toMatchObject({ state: "uploading", title: "first" });
    expect(begun.body.required.toSorted()).toEqual(Object.values(files).toSorted());
    const { id } = begun.body;
    const put = (path: string, text: string) =>
      call("PUT", `/deploys/${id}/files/${path}`, Buffer.from(text));
    expect((await put("index.html", "other")).status).toBe(422);
    expect((await put("nothing.html", page)).status).toBe(422);
    expect((await put("index.html", page)).status).toBe(200);
    expect(netlify.surface.findUpstream("shop.netlify.app")).toBeUndefined();
    await put("_redirects", "/old / 301\n");
    expect((await call("GET", `/deploys/${id}`)).body).toMatchObject({ state: "ready" });
    await expect.poll(() => visit("shop.netlify.app", "/").catch(() => [])).toEqual([200, page]);
    expect(await visit("shop.netlify.app", "/index")).toEqual([200, page]);
    expect(await visit("shop.netlify.app", "/old")).toEqual([301, ""]);
    expect(await visit("shop.netlify.app", "/_redirects")).toEqual([404, ""]);
    expect(await visit("shop.netlify.app", "/..%2f..%2fserve-deploy.mts")).toEqual([404, ""]);
  });

  it("run their functions with their own variables and the stores of their site", async () => {
    const rule = "/* /.netlify/functions/app 200!\n";
    const begun = await call("POST", `/sites/${site}/deploys`, {
      files: { "/_redirects": sha1(rule), "/index.html": sha1(page) },
      functions: { app: digest, later: digest },
      function_schedules: [{ name: "later", cron: "0 3 * * 0" }],
      environment: [{ key: "NAME", value: "shop", is_secret: true, scopes: ["functions"] }],
    });
    expect(begun.body).toMatchObject({ required: [sha1(rule)], required_functions: [digest] });
    const { id } = begun.body;
    await call("PUT", `/deploys/${id}/files/_redirects`, Buffer.from(rule));
    await call("PUT", `/deploys/${id}/functions/app?runtime=nodejs24.x`, archive);
    const wanted = [200, "/any/path,GET,shop,kept,undefined"];
    await expect
      .poll(() => visit("shop.netlify.app", "/any/path").catch(() => []), { timeout: 10_000 })
      .toEqual(wanted);
    expect(await visit("shop.netlify.app", "/.netlify/functions/later")).toEqual([404, ""]);
    const scheduled = new URL("http://x/sandbox/netlify/scheduled");
    const body = JSON.stringify({ site: "shop", function: "later" });
    const ran = await netlify.surface.handle(
      new Request(scheduled, { method: "POST", body }),
      scheduled,
    );
    expect(await ran?.json()).toEqual({ ok: true, status: 200 });
    expect(netlify.records.blobs.list()).toMatchObject([{ id: `${site}/site:seen/k` }]);
    const stored = await fetch(`${netlify.context.controlUrl}/netlify/stores/${site}/site:seen/k`);
    expect(stored.status).toBe(401);
    expect((await call("DELETE", `/blobs/${site}/site:seen`)).body).toEqual({
      ...{ blobs_deleted: 1, has_more: false },
    });
  });

  it.each([
    { files: { "/../../etc/passwd": sha1("x") } },
    { files: { "index.html": sha1("x") } },
    { files: { "/a?b": sha1("x") } },
    { functions: { "../app": digest } },
    { function_schedules: [{ name: "nobody", cron: "0 3 * * *" }] },
    { functions: { app: digest }, function_schedules: [{ name: "app", cron: "never" }] },
    { environment: [{ key: "A B", value: "", is_secret: true, scopes: ["functions"] }] },
    { environment: [{ key: "A", value: "", scopes: ["functions"] }] },
  ])("are refused: %j", async (body) => {
    expect((await call("POST", `/sites/${site}/deploys`, body)).status).toBe(422);
  });
});

it.each([
  ["0 3 * * 0", [0]],
  ["0 3 * * 7", [0]],
  ["0 3 * * 1-5", [1, 2, 3, 4, 5]],
  ["0 3 * * */2", [0, 2, 4, 6]],
])("reads a schedule as crontab has it: %s", (text, weekdays) => {
  expect(parseSchedule(text)?.weekdays).toEqual(weekdays);
});
it.each(["0 3 * * 8", "0 3 L * *", "0 3 * *", "@daily"])("reads none from %s", (text) => {
  expect(parseSchedule(text)).toBeUndefined();
});
