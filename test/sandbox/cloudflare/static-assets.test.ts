import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../src/util/sha256.ts";
import { startTestSandbox, type TestSandbox } from "./test-sandbox.ts";

let sandbox: TestSandbox;
let account: { accountId: string; bearer: string };
let base: string;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  account = sandbox.addAccount();
  base = `/accounts/${account.accountId}`;
  await sandbox.call(account.bearer, "PUT", `${base}/workers/subdomain`, { subdomain: "acme" });
});
afterAll(() => sandbox.close());

const hash = (text: string) => sha256(text).slice(0, 32);

/** Announces files, sends those that are missing and gives the completion token with the number of files sent. */
async function sendFiles(script: string, files: Record<string, string>) {
  const manifest = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, { hash: hash(text), size: text.length }]),
  );
  const session = await sandbox.call(
    account.bearer,
    "POST",
    `${base}/workers/scripts/${script}/assets-upload-session`,
    { manifest },
  );
  const { jwt, buckets } = session.body.result;
  let completion = jwt;
  for (const bucket of buckets) {
    const form = new FormData();
    for (const one of bucket) {
      const text = Object.values(files).find((file) => hash(file) === one) ?? "";
      form.set(
        one,
        new File([Buffer.from(text).toString("base64")], one, { type: "application/null" }),
      );
    }
    const sent = await sandbox.call(jwt, "POST", `${base}/workers/assets/upload?base64=true`, form);
    expect(sent.status, sent.text).toBe(201);
    completion = sent.body.result.jwt;
  }
  return { completion, upload: jwt, sent: buckets.flat().length };
}

async function deploy(script: string, metadata: object, code?: string) {
  const form = new FormData();
  if (code !== undefined)
    form.set("worker.js", new File([code], "worker.js", { type: "application/javascript+module" }));
  const main = code === undefined ? {} : { main_module: "worker.js" };
  form.set("metadata", JSON.stringify({ ...main, compatibility_date: "2026-01-01", ...metadata }));
  const answer = await sandbox.call(
    account.bearer,
    "PUT",
    `${base}/workers/scripts/${script}`,
    form,
  );
  expect(answer.status, answer.text).toBe(200);
  await sandbox.call(account.bearer, "POST", `${base}/workers/scripts/${script}/subdomain`, {
    enabled: true,
  });
}

const SITE = {
  "/index.html": "<h1>home</h1>",
  "/about.html": "<h1>about</h1>",
  "/docs/index.html": "<h1>docs</h1>",
  "/404.html": "<h1>lost</h1>",
  "/style.css": "body{}",
};

describe("a site of static files alone", () => {
  const get = (path: string, headers = {}) =>
    sandbox.app("site.acme.workers.dev", path, { headers });

  it("is served with the trailing slashes of HTML pages in order", async () => {
    const { completion, sent } = await sendFiles("site", SITE);
    expect(sent).toBe(5);
    await deploy("site", {
      assets: { jwt: completion, config: { not_found_handling: "404-page" } },
    });
    expect(await get("/")).toMatchObject({ status: 200, text: "<h1>home</h1>" });
    expect(await get("/about")).toMatchObject({ status: 200, text: "<h1>about</h1>" });
    expect(await get("/docs/")).toMatchObject({ status: 200, text: "<h1>docs</h1>" });
    expect(await get("/about.html?a=1")).toMatchObject({
      status: 307,
      headers: { location: "/about?a=1" },
    });
    expect(await get("/docs")).toMatchObject({ status: 307, headers: { location: "/docs/" } });
    expect(await get("/index.html")).toMatchObject({ status: 307, headers: { location: "/" } });
    expect(await get("/style.css")).toMatchObject({
      status: 200,
      headers: { "content-type": "text/css; charset=utf-8" },
    });
    expect(await get("/docs/nothing")).toMatchObject({ status: 404, text: "<h1>lost</h1>" });
  });

  it("answers 304 to what the client has", async () => {
    const etag = String((await get("/")).headers.etag);
    expect((await get("/", { "if-none-match": etag })).status).toBe(304);
  });

  it("keeps what it has: files that are there are not asked for again, in other sites neither", async () => {
    const { completion, sent } = await sendFiles("mirror", { ...SITE, "/new.txt": "new" });
    expect(sent).toBe(1);
    await deploy("mirror", { assets: { jwt: completion } });
    expect((await sandbox.app("mirror.acme.workers.dev", "/new.txt")).text).toBe("new");
    expect((await get("/new.txt")).status).toBe(404);
  });

  it("survives a restart", async () => {
    await sandbox.restart();
    expect((await get("/about")).text).toBe("<h1>about</h1>");
  });

  it("takes files with the session's token alone, and deploys with the completion token alone", async () => {
    const { upload } = await sendFiles("other", { "/a.txt": "a new one" });
    const path = `${base}/workers/assets/upload?base64=true`;
    expect((await sandbox.call(account.bearer, "POST", path, new FormData())).status).toBe(401);
    const form = new FormData();
    form.set("metadata", JSON.stringify({ assets: { jwt: upload } }));
    expect(
      (await sandbox.call(account.bearer, "PUT", `${base}/workers/scripts/other`, form)).status,
    ).toBe(400);
  });
});

describe("an app with static files", () => {
  const CODE =
    "export default { fetch: (request, env) => new URL(request.url).pathname === '/via' ? env.ASSETS.fetch('http://x/style.css') : new Response('code') };";
  const get = (path: string, headers = {}) =>
    sandbox.app("spa.acme.workers.dev", path, { headers });

  it("serves the file where there is one and runs the code elsewhere", async () => {
    const { completion } = await sendFiles("spa", SITE);
    const bindings = [{ type: "assets", name: "ASSETS" }];
    await deploy(
      "spa",
      {
        assets: { jwt: completion, config: { not_found_handling: "single-page-application" } },
        bindings,
      },
      CODE,
    );
    expect((await get("/about")).text).toBe("<h1>about</h1>");
    expect((await get("/api/orders")).text).toBe("code");
    expect((await get("/via")).text).toBe("body{}");
    expect((await get("/cart", { "sec-fetch-mode": "navigate" })).text).toBe("<h1>home</h1>");
  });

  it("runs the code first where it is told to, and keeps its files without sending them again", async () => {
    await deploy(
      "spa",
      { keep_assets: true, assets: { config: { run_worker_first: ["/about", "!/docs/*"] } } },
      CODE,
    );
    expect((await get("/about")).text).toBe("code");
    expect((await get("/docs/")).text).toBe("<h1>docs</h1>");
  });
});
