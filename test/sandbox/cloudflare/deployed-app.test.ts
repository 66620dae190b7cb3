import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintToken, scriptForm, startTestSandbox, type TestSandbox } from "./test-sandbox.ts";

/** How long a busy machine may take for what happens by itself, milliseconds. */
const SOON_MS = 15_000;

const SHOP = `
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (request.method === "POST" && url.pathname === "/orders") {
      const { item } = await request.json();
      await env.DB.prepare("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, item TEXT, receipt TEXT)").run();
      const row = await env.DB.prepare("INSERT INTO orders (item) VALUES (?) RETURNING id").bind(item).first();
      await env.MEDIA.put("order-" + row.id, item);
      await env.CACHE.put("last", item);
      await env.RECEIPTS.send({ id: row.id });
      return Response.json({ id: row.id }, { status: 201 });
    }
    if (url.pathname === "/slow") {
      await new Promise((resolve) => setTimeout(resolve, 600));
      return new Response("finished");
    }
    if (url.pathname === "/throw") throw new Error("out of stock");
    const { results } = await env.DB.prepare("SELECT * FROM orders ORDER BY id").all();
    return Response.json({
      results,
      object: await (await env.MEDIA.get("order-1"))?.text(),
      last: await env.CACHE.get("last"),
      report: await env.CACHE.get("report"),
      key: env.SESSION_KEY,
      shop: env.SHOP_NAME,
      flags: env.FLAGS,
      host: request.headers.get("host"),
      url: request.url,
    });
  },
  async queue(batch, env) {
    for (const message of batch.messages)
      await env.DB.prepare("UPDATE orders SET receipt = ? WHERE id = ?").bind(batch.queue, message.body.id).run();
  },
  async scheduled(controller, env) {
    await env.CACHE.put("report", controller.cron);
  },
};
`;

const NEEDED = [
  "Workers Scripts Write",
  "D1 Write",
  "Workers R2 Storage Write",
  "Workers KV Storage Write",
  "Queues Write",
];

describe("an app deployed with a least-privilege token", () => {
  let sandbox: TestSandbox;
  let account: { accountId: string; bearer: string };
  let token: string;
  let base: string;
  let bindings: object[];
  const host = "shop.acme.workers.dev.localhost:1234";

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    account = sandbox.addAccount();
    base = `/accounts/${account.accountId}`;
    ({ value: token } = await mintToken(sandbox, account, { account: NEEDED }));
    const make = async (path: string, body: object) => {
      const answer = await sandbox.call(token, "POST", `${base}${path}`, body);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.result;
    };
    await sandbox.call(token, "PUT", `${base}/workers/subdomain`, { subdomain: "acme" });
    const database = await make("/d1/database", { name: "orders" });
    await make("/r2/buckets", { name: "media" });
    const namespace = await make("/storage/kv/namespaces", { title: "cache" });
    const queue = await make("/queues", { queue_name: "receipts" });
    bindings = [
      { type: "d1", name: "DB", id: database.uuid },
      { type: "r2_bucket", name: "MEDIA", bucket_name: "media" },
      { type: "kv_namespace", name: "CACHE", namespace_id: namespace.id },
      { type: "queue", name: "RECEIPTS", queue_name: "receipts" },
      { type: "secret_text", name: "SESSION_KEY", text: "correct horse battery" },
      { type: "plain_text", name: "SHOP_NAME", text: "Example Shop" },
      { type: "json", name: "FLAGS", json: { beta: true } },
    ];
    const upload = await sandbox.call(
      token,
      "PUT",
      `${base}/workers/scripts/shop`,
      scriptForm(SHOP, { bindings }),
    );
    expect(upload.status, upload.text).toBe(200);
    expect(upload.body.result.handlers).toEqual(["fetch", "queue", "scheduled"]);
    await make("/workers/scripts/shop/subdomain", { enabled: true });
    await make(`/queues/${queue.queue_id}/consumers`, {
      type: "worker",
      script_name: "shop",
      settings: { batch_size: 5, max_wait_time_ms: 200 },
    });
    await sandbox.call(token, "PUT", `${base}/workers/scripts/shop/schedules`, [
      { cron: "0 3 * * *" },
    ]);
  });
  afterAll(() => sandbox.close());

  const readOrders = async () => JSON.parse((await sandbox.app(host, "/orders?x=1")).text);

  it("takes an order over HTTP and gives it back with every binding in place", async () => {
    const placed = await sandbox.app(host, "/orders", {
      method: "POST",
      body: JSON.stringify({ item: "teapot" }),
    });
    expect(placed.status, placed.text).toBe(201);
    const read = await readOrders();
    expect(read).toMatchObject({
      object: "teapot",
      last: "teapot",
      key: "correct horse battery",
      shop: "Example Shop",
      flags: { beta: true },
      host: "shop.acme.workers.dev",
      url: "http://shop.acme.workers.dev/orders?x=1",
    });
    expect(read.results).toMatchObject([{ id: 1, item: "teapot" }]);
  });

  it("runs the queue's consumer", async () => {
    await expect
      .poll(async () => (await readOrders()).results[0].receipt, { timeout: SOON_MS })
      .toBe("receipts");
  });

  it("runs D1 statements of the API on the database that the app uses", async () => {
    const databases = await sandbox.call(token, "GET", `${base}/d1/database?name=orders`);
    const path = `${base}/d1/database/${databases.body.result[0].uuid}`;
    const query = await sandbox.call(token, "POST", `${path}/query`, {
      sql: "CREATE TABLE IF NOT EXISTS notes (text TEXT); INSERT INTO notes VALUES ('a;b'); SELECT item FROM orders;",
    });
    expect(query.body.result).toHaveLength(3);
    expect(query.body.result[2].results).toEqual([{ item: "teapot" }]);
    const raw = await sandbox.call(token, "POST", `${path}/raw`, {
      sql: "SELECT id, item FROM orders WHERE id = ?",
      params: [1],
    });
    expect(raw.body.result[0].results).toEqual({ columns: ["id", "item"], rows: [[1, "teapot"]] });
    const bad = await sandbox.call(token, "POST", `${path}/query`, { sql: "SELEC 1" });
    expect(bad.status).toBe(400);
    expect(bad.body.errors[0]?.code).toBe(7500);
  });

  it("fires a schedule on demand and when the sandbox's clock passes it", async () => {
    expect(await sandbox.plane().runScheduled("shop", "by hand")).toEqual({
      ok: true,
      outcome: "ok",
    });
    expect((await readOrders()).report).toBe("by hand");
    const now = new Date(sandbox.context().now());
    const three = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1, 3, 0, 5);
    sandbox.advance(three - now.getTime());
    await expect
      .poll(async () => (await readOrders()).report, { timeout: SOON_MS })
      .toBe("0 3 * * *");
  });

  it("keeps a request that is under way and holds new ones while a new version is deployed", async () => {
    const slow = sandbox.app(host, "/slow");
    await sleep(150);
    const changed = scriptForm(SHOP.replace("host: request", "version: 2, host: request"), {
      bindings,
    });
    const upload = await sandbox.call(token, "PUT", `${base}/workers/scripts/shop`, changed);
    expect(upload.status).toBe(200);
    const after = await readOrders();
    expect(after.version).toBe(2);
    expect(after.results[0].item).toBe("teapot");
    expect(await slow).toMatchObject({ status: 200, text: "finished" });
  });

  it("keeps what is deployed when an upload does not run", async () => {
    const broken = await sandbox.call(
      token,
      "PUT",
      `${base}/workers/scripts/shop`,
      scriptForm("export default {", { bindings }),
    );
    expect(broken.status).toBe(400);
    expect(broken.body.errors[0]?.code).toBe(10021);
    expect(broken.body.errors[0]?.message).toContain("SyntaxError");
    expect((await readOrders()).version).toBe(2);
  });

  it("shows the developer what a Worker threw, and nothing below Cloudflare's own paths", async () => {
    const thrown = await sandbox.app(host, "/throw");
    expect(thrown.status).toBe(500);
    expect(thrown.text).toContain("error code: 1101");
    expect(thrown.text).toContain("out of stock");
    expect((await sandbox.app(host, "/cdn-cgi/platform-proxy")).status).toBe(404);
    expect(readFileSync(join(sandbox.folder, "data-plane/workers.log"), "utf8")).toContain(
      "out of stock",
    );
  });

  it("names the deployed hosts to whoever asks for another", async () => {
    const page = await sandbox.app("nowhere.example", "/");
    expect(page.status).toBe(404);
    expect(page.text).toContain(
      `http://shop.acme.workers.dev.localhost:${sandbox.plane().appPort}/`,
    );
  });

  it("has all data, the same port and the same secrets after a restart, and delivers what waited in the queue", async () => {
    const port = sandbox.plane().appPort;
    const queues = await sandbox.call(token, "GET", `${base}/queues`);
    const queueId = queues.body.result[0].queue_id;
    await sandbox.call(token, "PUT", `${base}/queues/${queueId}`, {
      settings: { delivery_paused: true },
    });
    await sandbox.app(host, "/orders", { method: "POST", body: JSON.stringify({ item: "cup" }) });
    expect(sandbox.plane().backlog(queueId).backlogCount).toBe(1);
    await sandbox.restart();
    expect(sandbox.plane().appPort).toBe(port);
    const read = await readOrders();
    expect(read).toMatchObject({
      object: "teapot",
      last: "cup",
      key: "correct horse battery",
      version: 2,
    });
    expect(read.results).toMatchObject([{ item: "teapot" }, { item: "cup", receipt: null }]);
    await sandbox.call(token, "PUT", `${base}/queues/${queueId}`, {
      settings: { delivery_paused: false },
    });
    await expect
      .poll(async () => (await readOrders()).results[1].receipt, { timeout: SOON_MS })
      .toBe("receipts");
  });

  it("keeps neither token nor secret in clear, and gives neither out again", async () => {
    expect(sandbox.dump()).not.toContain(token);
    expect(sandbox.dump()).not.toContain("correct horse battery");
    const settings = await sandbox.call(token, "GET", `${base}/workers/scripts/shop/settings`);
    expect(settings.text).toContain("SESSION_KEY");
    expect(settings.text).not.toContain("correct horse battery");
  });

  it("changes a secret without an upload", async () => {
    const path = `${base}/workers/scripts/shop/secrets`;
    await sandbox.call(token, "PUT", path, {
      name: "SESSION_KEY",
      text: "new key",
      type: "secret_text",
    });
    expect((await readOrders()).key).toBe("new key");
    const again = scriptForm(SHOP, {
      bindings: bindings.filter((binding) => (binding as { name: string }).name !== "SESSION_KEY"),
      keep_bindings: ["secret_text"],
    });
    await sandbox.call(token, "PUT", `${base}/workers/scripts/shop`, again);
    expect((await readOrders()).key).toBe("new key");
    expect((await sandbox.call(token, "GET", `${path}/SESSION_KEY`)).body.result).toEqual({
      name: "SESSION_KEY",
      type: "secret_text",
    });
    expect((await sandbox.call(token, "DELETE", `${path}/SESSION_KEY`)).status).toBe(200);
    expect((await sandbox.call(token, "DELETE", `${path}/SESSION_KEY`)).status).toBe(404);
  });
});

describe("workerd", () => {
  const isRunning = (pid: number) => {
    const list = execFileSync("ps", ["-A", "-o", "pid=,stat=,args="], { encoding: "utf8" });
    return list
      .split("\n")
      .some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line) && line.includes("workerd"));
  };
  const deploy = async (sandbox: TestSandbox) => {
    const account = sandbox.addAccount();
    const base = `/accounts/${account.accountId}`;
    const code = "export default { fetch: () => new Response('hello') };";
    await sandbox.call(account.bearer, "PUT", `${base}/workers/subdomain`, { subdomain: "acme" });
    await sandbox.call(account.bearer, "PUT", `${base}/workers/scripts/hello`, scriptForm(code));
    await sandbox.call(account.bearer, "POST", `${base}/workers/scripts/hello/subdomain`, {
      enabled: true,
    });
    expect((await sandbox.app("hello.acme.workers.dev", "/")).text).toBe("hello");
    return Number(readFileSync(join(sandbox.folder, "data-plane/workerd.pid"), "utf8"));
  };

  it("starts with the first deploy and ends with the sandbox", async () => {
    const sandbox = await startTestSandbox();
    const pid = await deploy(sandbox);
    expect(isRunning(pid)).toBe(true);
    await sandbox.close();
    expect(isRunning(pid)).toBe(false);
  });

  it("of a sandbox that was killed is ended by the next one on the same folder", async () => {
    const sandbox = await startTestSandbox();
    const pid = await deploy(sandbox);
    // A second data plane on the folder stands for the sandbox after a crash.
    const { createDataPlane } = await import(
      "../../../src/sandbox/data-plane/create-data-plane.ts"
    );
    const next = await createDataPlane({ ...sandbox.context(), appPort: 0 });
    await expect.poll(() => isRunning(pid), { timeout: SOON_MS }).toBe(false);
    await next.close();
    await sandbox.close();
  });
});
