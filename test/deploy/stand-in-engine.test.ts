import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/deploy/engine.ts";
import { packageFolder } from "../../src/deploy/machine-folders.ts";
import {
  destroyStack,
  ensureStack,
  previewStack,
  refreshStack,
  upStack,
} from "../../src/deploy/run-engine.ts";
import { bufferRequest, sendResponse } from "../../src/sandbox/fetch-bridge.ts";
import { sha256 } from "../../src/util/sha256.ts";
import {
  mintToken,
  startTestSandbox,
  type TestSandbox,
} from "../sandbox/cloudflare/test-sandbox.ts";
import { killProcess } from "../support/kill-process.ts";
import { listDescendants, listProcesses } from "../support/list-processes.ts";
import { readEnvironment } from "../support/read-environment.ts";
import { engineForTests, makeEngineProject } from "./engine-project.ts";
import { startFakeBroker } from "./fake-broker.ts";

const engine = await engineForTests();

/** One resource of every type that our stacks use. */
const PROGRAM = `
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const accountId = process.env.TRY_ACCOUNT ?? "";
const isChanged = process.env.TRY_CHANGED === "yes";
const provider = new cloudflare.Provider("cloudflare", {
  apiToken: pulumi.secret(process.env.TRY_TOKEN ?? ""),
  baseUrl: process.env.TRY_URL ?? "",
});
const options = { provider };
const zone = new cloudflare.Zone("zone", { account: { id: accountId }, name: "example-shop.com" }, options);
const orders = new cloudflare.D1Database("orders", { accountId, name: "orders" }, options);
const media = new cloudflare.R2Bucket("media", { accountId, name: "media" }, options);
const sessions = new cloudflare.WorkersKvNamespace(
  "sessions",
  { accountId, title: isChanged ? "sessions-2" : "sessions" },
  options,
);
const jobs = new cloudflare.Queue("jobs", { accountId, queueName: "jobs" }, options);
const shop = new cloudflare.WorkersScript(
  "shop",
  {
    accountId,
    scriptName: "shop",
    contentFile: "build/shop.mjs",
    contentSha256: process.env.TRY_SHA256 ?? "",
    mainModule: "worker.js",
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings: [
      { name: "DB", type: "d1", id: orders.id },
      { name: "MEDIA", type: "r2_bucket", bucketName: media.name },
      { name: "SESSIONS", type: "kv_namespace", namespaceId: sessions.id },
      { name: "JOBS", type: "queue", queueName: jobs.queueName },
      { name: "KEY", type: "secret_text", text: pulumi.secret("canary-binding-77") },
      { name: "NAME", type: "plain_text", text: isChanged ? "second" : "first" },
    ],
  },
  options,
);
const docs = new cloudflare.WorkersScript(
  "docs",
  { accountId, scriptName: "docs", compatibilityDate: "2026-07-01", assets: { directory: "build/docs" } },
  options,
);
new cloudflare.WorkersScriptSubdomain(
  "subdomain",
  { accountId, scriptName: docs.scriptName, enabled: true, previewsEnabled: isChanged },
  options,
);
new cloudflare.WorkersCustomDomain(
  "address",
  { accountId, hostname: "example-shop.com", service: shop.scriptName, zoneId: zone.id },
  options,
);
new cloudflare.WorkersRoute(
  "route",
  { zoneId: zone.id, pattern: "example-shop.com/api/*", script: shop.scriptName },
  options,
);
new cloudflare.WorkersCronTrigger(
  "nightly",
  { accountId, scriptName: shop.scriptName, schedules: [{ cron: isChanged ? "0 4 * * *" : "0 3 * * *" }] },
  options,
);
new cloudflare.QueueConsumer(
  "consumer",
  {
    accountId,
    queueId: jobs.queueId,
    type: "worker",
    scriptName: shop.scriptName,
    settings: { batchSize: isChanged ? 20 : 10, maxRetries: 3, maxWaitTimeMs: 5000 },
  },
  options,
);
new cloudflare.DnsRecord(
  "text",
  {
    zoneId: zone.id,
    name: "mail.example-shop.com",
    type: "TXT",
    ttl: 300,
    content: isChanged ? '"v=spf1 ~all"' : '"v=spf1 -all"',
  },
  options,
);
export const queue = jobs.queueId;
`;

/** Account, access token, provider and what is made with it; the token gets another right together with a queue. */
const CHAIN = `
import * as cloudflare from "@pulumi/cloudflare";
import * as supercargo from "supercargo/resources";

const isMore = process.env.TRY_MORE === "yes";
const account = new supercargo.Account("account", {
  provider: "cloudflare",
  orchestrators: ["self"],
  principal: "founder@example.com",
  agent: "build-bot",
});
const accountId = account.accountId;
const d1 = { group: "D1 Write", scope: "account" } as const;
const queues = { group: "Queues Write", scope: "account" } as const;
const token = new supercargo.AccessToken("token", {
  provider: "cloudflare",
  account: accountId,
  permissions: isMore ? [d1, queues] : [d1],
  zones: [],
  ttlSeconds: 3600,
});
const options = {
  provider: new cloudflare.Provider("provider", { apiToken: token.value, baseUrl: token.endpoint }),
};
new cloudflare.D1Database("ledger", { accountId, name: "ledger" }, options);
if (isMore) new cloudflare.Queue("jobs", { accountId, queueName: "chain-jobs" }, options);
`;

const WORKER = `export default {
  fetch(request, env) { return new Response("shop " + env.NAME + " " + env.KEY.length); },
  queue() {},
  scheduled() {},
};`;

describe.skipIf(engine === undefined)("the stand-in plugin under the real engine", () => {
  const project = makeEngineProject("standin");
  let sandbox: TestSandbox;
  let server: Server;
  let env: Record<string, string>;
  const mutations: string[] = [];
  /** Called when the API has acted and before its answer leaves. */
  let onAnswer: (call: string) => Promise<void> = async () => {};

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    server = createServer(async (incoming, outgoing) => {
      const request = await bufferRequest(incoming, 1 << 26);
      if (request === undefined) return void outgoing.destroy();
      if (incoming.method !== "GET") mutations.push(`${incoming.method} ${request.url.pathname}`);
      const answer = await sandbox.surface().handle(request.build(), request.url);
      await onAnswer(`${incoming.method} ${request.url.pathname}`);
      await sendResponse(answer ?? new Response("no such path", { status: 404 }), outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const account = sandbox.addAccount({ payment: true });
    const token = await mintToken(sandbox, account, {
      account: [
        "D1 Write",
        "Queues Write",
        "Workers KV Storage Write",
        "Workers R2 Storage Write",
        "Workers Scripts Write",
      ],
      zone: ["DNS Write", "Workers Routes Write", "Zone Write"],
    });
    mkdirSync(join(project.place.folder, "build", "docs"), { recursive: true });
    writeFileSync(join(project.place.folder, "build", "shop.mjs"), WORKER);
    writeFileSync(join(project.place.folder, "build", "docs", "index.html"), "<h1>docs</h1>");
    project.write(PROGRAM);
    env = {
      TRY_ACCOUNT: account.accountId,
      TRY_TOKEN: token.value,
      TRY_URL: `http://127.0.0.1:${port}/client/v4`,
      TRY_SHA256: sha256(WORKER),
    };
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await sandbox.close();
    project.remove();
  });

  const run = (more: Record<string, string> = {}) => {
    if (engine === undefined) throw new Error("no engine");
    return project.run(engine, { ...env, ...more });
  };

  it("previews, creates, finds no change, refreshes to no change, updates and destroys", async () => {
    expect(await ensureStack(run())).toEqual({ ok: true, created: true });

    const preview = await previewStack(run());
    expect(preview).toMatchObject({ ok: true });
    expect(mutations).toEqual([]);

    const up = await upStack(run());
    expect(up).toMatchObject({ ok: true });
    expect(up.steps.filter((step) => step.operation === "create")).toHaveLength(14);
    expect((await sandbox.app("example-shop.com", "/")).text).toBe("shop first 17");

    const again = await previewStack(run());
    expect(again.steps.filter((step) => step.operation !== "same")).toEqual([]);

    mutations.length = 0;
    const refreshed = await refreshStack(run());
    expect(refreshed).toMatchObject({ ok: true });
    expect(mutations).toEqual([]);
    const clean = await previewStack(run());
    expect(clean.steps.filter((step) => step.operation !== "same")).toEqual([]);

    const changed = await upStack(run({ TRY_CHANGED: "yes" }));
    expect(changed).toMatchObject({ ok: true });
    const updated = changed.steps.filter((step) => step.operation !== "same");
    expect(updated.map((step) => `${step.operation} ${step.name}`).toSorted()).toEqual([
      "update consumer",
      "update nightly",
      "update sessions",
      "update shop",
      "update subdomain",
      "update text",
    ]);
    expect((await sandbox.app("example-shop.com", "/")).text).toBe("shop second 17");

    const state = readdirSync(join(project.place.root, ".supercargo"), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
    expect(state).not.toContain("canary-binding-77");
    expect(state).not.toContain(env.TRY_TOKEN);

    const destroyed = await destroyStack(run());
    expect(destroyed).toMatchObject({ ok: true });
    expect(mutations.filter((call) => call.startsWith("DELETE")).length).toBeGreaterThan(8);
  }, 600_000);

  it("takes over what a killed engine had created and could not write down", async () => {
    await ensureStack(run());
    const struck = new Set<string>();
    let deaths = 0;
    onAnswer = async (call) => {
      const [, kind = call] = /\/([a-z_]+)$/.exec(call) ?? [];
      if (call.startsWith("GET") || struck.has(kind)) return;
      struck.add(kind);
      deaths += 1;
      for (const { pid } of listDescendants(process.pid).filter(({ command }) =>
        /\/pulumi up /.test(command),
      )) {
        killProcess(pid);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    for (let left = 12; left > 0 && !(await upStack(run())).ok; left -= 1);
    onAnswer = async () => {};
    expect(deaths).toBeGreaterThan(2);
    const up = await upStack(run());
    expect(up, JSON.stringify(up).slice(0, 2000)).toMatchObject({ ok: true, unfinished: [] });
    for (const collection of ["d1/database", "r2/buckets", "storage/kv/namespaces", "queues"]) {
      const listed = await sandbox.call(
        env.TRY_TOKEN,
        "GET",
        `/accounts/${env.TRY_ACCOUNT}/${collection}`,
      );
      const items = listed.body.result.buckets ?? listed.body.result;
      expect(items, collection).toHaveLength(1);
    }
    const clean = await previewStack(run());
    expect(clean.steps.filter((step) => step.operation !== "same")).toEqual([]);
    const destroyed = await destroyStack(run());
    expect(destroyed, JSON.stringify(destroyed).slice(0, 2000)).toMatchObject({
      ok: true,
      unfinished: [],
    });
    // Other tests run the plugin for projects of their own at the same time.
    const plugin = join(packageFolder(), "src/deploy/stand-in-plugin/main.ts");
    const left = () =>
      listProcesses().filter(
        ({ pid, command }) =>
          command.includes(plugin) && readEnvironment(pid).includes(project.place.root),
      );
    // That of an engine that was killed ends when it notices.
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
  }, 600_000);

  it("shows in a preview what really changes while the access token changes too", async () => {
    const outputs = {
      account: { accountId: env.TRY_ACCOUNT, orchestrator: "self" },
      "access-token": { tokenId: "t", value: env.TRY_TOKEN, endpoint: env.TRY_URL },
    };
    const broker = await startFakeBroker(outputs);
    const chain = makeEngineProject("chain");
    chain.write(CHAIN);
    const chainRun = (isMore: string) =>
      chain.run(engine as Engine, { ...broker.env, TRY_MORE: isMore });
    try {
      await ensureStack(chainRun("no"));
      expect(await upStack(chainRun("no"))).toMatchObject({ ok: true });
      const preview = await previewStack(chainRun("yes"));
      expect(preview).toMatchObject({ ok: true });
      const shown = preview.steps
        .filter((step) => step.operation !== "same")
        .map((step) => `${step.operation} ${step.name}`);
      expect(shown.toSorted()).toEqual(["create jobs", "update provider", "update token"]);
      const up = await upStack(chainRun("yes"));
      expect(up.steps.filter((step) => step.operation === "create")).toHaveLength(1);
      expect(await destroyStack(chainRun("yes"))).toMatchObject({ ok: true });
    } finally {
      await broker.close();
      chain.remove();
    }
  }, 300_000);
});
