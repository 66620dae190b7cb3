import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { containerBase } from "../../src/sandbox/docker/container-base.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { findLeaks, readTree } from "../leaks/find-leaks.ts";
import { listProcesses } from "../support/list-processes.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

interface Up {
  readonly urls: readonly { readonly resource: string; readonly local: string }[];
  readonly changes: number;
  readonly applied: Readonly<Record<string, number>>;
}

const WHOLE_MS = 600_000;
const MANIFEST = `apiVersion: supercargo/v1
name: gallery
principal: { email: founder@example.com }
agent: { id: build-bot }
orchestrator: [stripe]
payment: [stripe]
provider: netlify
resources:
  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  media: { kind: bucket }
  seen: { kind: kv }
  jobs: { kind: queue }
  key: { kind: secret }
  docs: { kind: site, source: ./docs }
  gallery:
    kind: app
    source: ./app
    bind: { MEDIA: media, SEEN: seen, JOBS: jobs, KEY: key }
    consumes: [jobs]
    env: { GREETING: hello, DOCS: "\${docs.url}" }
    routes: ["\${address.domain}/*"]
  nightly: { kind: cron, app: gallery, schedule: "0 3 * * SUN" }
`;
const APP = `
export default {
  async fetch(request, env) {
    const path = new URL(request.url).pathname;
    if (path === "/key") return new Response(env.KEY);
    if (path === "/send") return new Response(String(await env.JOBS.send({ n: 7 })));
    if (path === "/heard") return new Response(String(await env.SEEN.get("heard")));
    if (path === "/count") return new Response(String(await env.SEEN.get("nights")));
    const before = (await env.MEDIA.get("visits")) ?? { text: async () => "0" };
    const visits = Number(await before.text()) + 1;
    await env.MEDIA.put("visits", String(visits));
    return Response.json({ path, visits, greeting: env.GREETING, key: env.KEY.length, docs: env.DOCS });
  },
  async queue({ queue, messages }, env) {
    for (const { body } of messages) await env.SEEN.put("heard", queue + body.n);
  },
  async scheduled({ cron }, env) {
    await env.SEEN.put("nights", cron);
  },
};
`;
let project: Project;
let printed = "";
beforeAll(() => {
  project = makeProject("storefront");
  for (const name of ["app", "docs"]) {
    rmSync(join(project.folder, name), { recursive: true, force: true });
    mkdirSync(join(project.folder, name));
  }
  writeFileSync(join(project.folder, "supercargo.yaml"), MANIFEST);
  writeFileSync(join(project.folder, "app/index.ts"), APP);
  writeFileSync(join(project.folder, "docs/index.html"), "<h1>Docs</h1>");
  writeFileSync(join(project.folder, "docs/guide.html"), "<h1>Guide</h1>");
  writeFileSync(
    join(project.folder, "guardrails.yaml"),
    `apiVersion: supercargo/v1
caps: { categories: { domains: 15.00 USD } }
allowed: { providers: [cloudflare, netlify], services: ["cloudflare/*", "netlify/*"], tlds: [com] }
`,
  );
});
afterAll(() => project.remove());

async function command(...args: readonly string[]): Promise<Up> {
  const run = await runCli([...args, "--json"], { cwd: project.folder });
  printed += run.stdout + run.stderr;
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const envelope = readEnvelope(run.stdout);
  return (envelope.ok ? envelope.data : {}) as unknown as Up;
}

/** Processes that stand for the project's deploys. */
function deploys(): readonly string[] {
  const base = containerBase(join(project.folder, ".supercargo", "sandbox", "docker"));
  return listProcesses()
    .map(({ command: line }) => line)
    .filter((line) => line.includes(base));
}

/** What Netlify does at its time. */
async function runFunction(
  name: string,
  folder = project.folder,
  of = "gallery-local-gallery",
): Promise<unknown> {
  const file = join(folder, ".supercargo/sandbox/sandbox.json");
  const { controlUrl, adminToken } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    string
  >;
  const headers = { "x-sandbox-admin": adminToken ?? "", "content-type": "application/json" };
  const books = (await (await fetch(`${controlUrl}/sandbox/books`, { headers })).json()) as {
    readonly inventory: readonly Readonly<Record<string, string>>[];
  };
  const site = books.inventory.find(({ name }) => name?.startsWith(of))?.name;
  const body = JSON.stringify({ site, function: name });
  const answer = await fetch(`${controlUrl}/sandbox/netlify/scheduled`, {
    ...{ method: "POST", headers, body },
  });
  return answer.json();
}

test("a stack at Netlify goes up, keeps what it stores, deploys what changed, and leaves nothing", {
  timeout: WHOLE_MS,
}, async () => {
  const { urls } = await command("up");
  expect(deploys()).toHaveLength(2);
  const address = (name: string) => urls.find(({ resource }) => resource === name)?.local ?? "";
  const visit = async (path = "") =>
    JSON.parse((await visitApp(`${address("gallery")}${path}`)).body) as unknown;
  expect(address("gallery")).toContain("example-shop.com");
  const first = { path: "/", visits: 1, greeting: "hello", key: 43 };
  expect(await visit()).toMatchObject({
    ...first,
    docs: expect.stringMatching(/^https:\/\/gallery-local-docs-[0-9a-f]{8}\.netlify\.app$/),
  });
  expect(await visit("a/b")).toMatchObject({ path: "/a/b", visits: 2 });
  expect((await visitApp(`${address("docs")}guide`)).body).toBe("<h1>Guide</h1>");
  expect((await visitApp(`${address("docs")}nothing`)).status).toBe(404);

  // Nobody but Netlify calls the function of a schedule.
  const due = await visitApp(`${address("gallery")}.netlify/functions/schedule-1`);
  expect(due.status).toBe(404);
  expect((await visitApp(`${address("gallery")}count`)).body).toBe("null");
  expect(await runFunction("schedule-1")).toEqual({ ok: true, status: 204 });
  expect((await visitApp(`${address("gallery")}count`)).body).toBe("0 3 * * 0");

  // A message reaches the app by the function of its queue, at the latest when its minute comes.
  await visitApp(`${address("gallery")}send`);
  expect(await runFunction("queue-1")).toEqual({ ok: true, status: 204 });
  expect((await visitApp(`${address("gallery")}heard`)).body).toBe("jobs7");

  // Nothing more is to be done, and a restart of the sandbox brings all of it back.
  expect((await command("up")).changes).toBe(0);
  await runCli(["sandbox", "stop"], { cwd: project.folder });
  expect(deploys()).toEqual([]);
  await command("up");
  expect(await visit()).toMatchObject({ ...first, visits: 3 });

  // Another variable is another deploy of that app alone, and its stores stay.
  writeFileSync(join(project.folder, "supercargo.yaml"), MANIFEST.replace("hello", "good day"));
  expect(await command("up")).toMatchObject({ changes: 1, applied: { replace: 1 } });
  expect(await visit()).toMatchObject({ greeting: "good day", visits: 4 });
  expect(deploys()).toHaveLength(2);

  // The app's secret is nowhere in clear, and the token of the engine nowhere outside of the sandbox.
  const secret = (await visitApp(`${address("gallery")}key`)).body;
  expect(secret).toHaveLength(43);
  const texts = new Map([...readTree(project.folder), ["output", printed]]);
  expect(findLeaks(texts, [secret])).toEqual([]);
  const minted = texts.get(join(project.folder, ".supercargo/sandbox/minted-secrets.jsonl")) ?? "";
  const [, token = ""] = /"(nfp_[0-9a-z]+)"/.exec(minted) ?? [];
  expect(token).not.toBe("");
  const outside = new Map([...texts].filter(([path]) => !path.endsWith("minted-secrets.jsonl")));
  expect(findLeaks(outside, [token])).toEqual([]);

  await command("destroy", "--yes");
  expect(deploys()).toEqual([]);
  expect((await visitApp(address("gallery"))).status).toBe(404);
  expect(existsSync(join(project.folder, ".supercargo/sandbox"))).toBe(true);
});

test("the storefront, moved to Netlify by one word, takes an order into its database at Neon", {
  timeout: WHOLE_MS,
}, async () => {
  const shop = makeProject("storefront");
  try {
    const manifest = join(shop.folder, "supercargo.yaml");
    const text = readFileSync(manifest, "utf8");
    writeFileSync(manifest, text.replace("\nprovider: cloudflare\n", "\nprovider: netlify\n"));
    const up = await runCli(["up", "--json"], { cwd: shop.folder });
    expect(up.code, up.stdout + up.stderr).toBe(0);
    const envelope = readEnvelope(up.stdout);
    const { urls } = (envelope.ok ? envelope.data : {}) as unknown as Up;
    const { local = "" } = urls.find(({ resource }) => resource === "shop") ?? {};
    const form = { product: "compass", quantity: 2, email: "ada@example.com" };
    const placed = await visitApp(`${local}api/orders`, { method: "POST", json: form });
    const { link } = JSON.parse(placed.body) as { readonly link: string };
    const read = async () => JSON.parse((await visitApp(local + link.slice(1))).body) as unknown;
    expect(await read()).toMatchObject({ order: { product: "compass", receipt: null } });
    expect(await runFunction("queue-1", shop.folder, "storefront-local-shop")).toEqual({
      ...{ ok: true, status: 204 },
    });
    expect(await read()).toMatchObject({ order: { receipt: expect.any(String) } });
    const destroyed = await runCli(["destroy", "--yes"], { cwd: shop.folder });
    expect(destroyed.code, destroyed.stdout + destroyed.stderr).toBe(0);
  } finally {
    await shop.remove();
  }
});
