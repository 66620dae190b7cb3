import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  destroyStack,
  ensureStack,
  previewStack,
  refreshStack,
  upStack,
} from "../../src/deploy/run-engine.ts";
import { digestFiles } from "../../src/util/digest-files.ts";
import { packFiles } from "../../src/util/pack-files.ts";
import { startTestNetlify, type TestNetlify } from "../sandbox/netlify/test-netlify.ts";
import { killProcess } from "../support/kill-process.ts";
import { listDescendants } from "../support/list-processes.ts";
import { engineForTests, makeEngineProject } from "./engine-project.ts";

const engine = await engineForTests();
const SECRET = "canary-variable-42";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as netlify from "supercargo/netlify";

const shop = new netlify.Site("shop", {
  name: "acme-shop",
  ...(process.env.TRY_HOST !== undefined && {
    customDomain: process.env.TRY_HOST,
    domainAliases: ["shop." + process.env.TRY_HOST],
  }),
});
new netlify.BlobStore("media", { siteId: shop.id, name: "media" });
new netlify.Deploy("shop.deploy", {
  siteId: shop.id,
  directory: "build/shop",
  sha256: process.env.TRY_SHA256 ?? "",
  runtime: "nodejs24.x",
  functionSchedules: { "schedule-1": "0 3 * * *" },
  environment: { "KEY": pulumi.secret("${SECRET}"), "NAME": "first" },
});
`;

/** A function that says who it is. */
const archive = (name: string) => {
  const text = `export const handler = async () => ({ statusCode: 200, body: ${JSON.stringify(name)} });`;
  return Buffer.from(packFiles([{ name: `${name}.mjs`, content: Buffer.from(text) }]));
};
const FILES: Readonly<Record<string, string | Buffer>> = {
  "functions/app.zip": archive("app"),
  "functions/schedule-1.zip": archive("schedule-1"),
  "publish/_redirects": "/* /.netlify/functions/app 200!\n",
  "publish/a b/ü.html": "page",
};

describe.skipIf(engine === undefined)("Netlify's provider under the real engine", () => {
  const project = makeEngineProject("netlify");
  const folder = join(project.place.folder, "build/shop");
  let netlify: TestNetlify;
  let sha256 = "";

  /** Writes what is deployed, and its digest. */
  function lay(files: Readonly<Record<string, string | Buffer>>): void {
    rmSync(folder, { recursive: true, force: true });
    const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [path, content] of sorted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    sha256 = digestFiles(sorted.map(([path, content]) => ({ path, bytes: Buffer.from(content) })));
  }
  const run = (more: Readonly<Record<string, string>> = {}) => {
    if (engine === undefined) throw new Error("no engine");
    const env = { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url };
    return project.run(engine, { ...env, TRY_SHA256: sha256, ...more });
  };
  const changesOf = ({ steps }: Awaited<ReturnType<typeof previewStack>>) =>
    steps
      .filter(({ operation }) => operation !== "same")
      .map(({ operation, name }) => `${operation} ${name}`);
  const madeCalls = () => netlify.calls.map(({ call }) => call);
  const deploys = () => netlify.records.deploys.list();

  beforeAll(() => project.write(PROGRAM));
  afterAll(() => project.remove());
  beforeEach(async () => {
    netlify = await startTestNetlify();
    lay(FILES);
  });
  afterEach(() => netlify.close());

  it("creates, finds no change, deploys what changed alone, and removes everything", async () => {
    await ensureStack(run());
    const up = await upStack(run());
    expect(up, JSON.stringify(up).slice(0, 2000)).toMatchObject({ ok: true });
    const [{ id: site } = { id: "" }] = netlify.records.sites.list();
    const [first] = deploys();
    expect(madeCalls()).toEqual([
      "POST /sites",
      `POST /sites/${site}/deploys`,
      `PUT /deploys/${first?.id}/files/_redirects`,
      `PUT /deploys/${first?.id}/files/a%20b/%C3%BC.html`,
      `PUT /deploys/${first?.id}/functions/app`,
      `PUT /deploys/${first?.id}/functions/schedule-1`,
    ]);
    expect(JSON.parse(netlify.calls[1]?.body ?? "")).toMatchObject({
      function_schedules: [{ name: "schedule-1", cron: "0 3 * * *" }],
      environment: [
        { key: "KEY", value: SECRET, is_secret: true, scopes: ["functions"] },
        { key: "NAME", value: "first", is_secret: true, scopes: ["functions"] },
      ],
    });
    expect(first).toMatchObject({ state: "ready" });
    expect(first?.title).not.toContain(SECRET);

    netlify.calls.length = 0;
    expect(changesOf(await refreshStack(run()))).toEqual([]);
    expect(changesOf(await previewStack(run()))).toEqual([]);
    expect(madeCalls()).toEqual([]);

    lay({ ...FILES, "publish/a b/ü.html": "other page" });
    expect(await upStack(run({ TRY_HOST: "example.com" }))).toMatchObject({ ok: true });
    const hosts = { customDomain: "example.com", domainAliases: ["shop.example.com"] };
    expect(netlify.records.sites.get(site)).toMatchObject(hosts);
    expect(madeCalls()).toEqual([
      `PATCH /sites/${site}`,
      `POST /sites/${site}/deploys`,
      `PUT /deploys/${deploys().at(-1)?.id}/files/a%20b/%C3%BC.html`,
    ]);

    // A host that somebody took away by hand is seen, and one that is not named any more is taken away.
    const record = netlify.records.sites.get(site);
    if (record === undefined) throw new Error("the site is gone");
    netlify.records.sites.put(site, { ...record, customDomain: "elsewhere.example" });
    const seen = await refreshStack(run({ TRY_HOST: "example.com" }));
    expect(changesOf(seen)).toEqual(["update shop"]);
    expect(await upStack(run())).toMatchObject({ ok: true });
    const none = { customDomain: null, domainAliases: [] };
    expect(netlify.records.sites.get(site)).toMatchObject(none);

    for (let i = 0; i < 101; i += 1) {
      const id = `${site}/site:media/${i}`;
      netlify.records.blobs.put(id, { id, key: `${i}`, metadata: "", hash: "" });
    }
    netlify.calls.length = 0;
    expect(await destroyStack(run())).toMatchObject({ ok: true });
    const removal = `DELETE /blobs/${site}/site:media`;
    expect(madeCalls()).toEqual([removal, removal, `DELETE /sites/${site}`]);
    expect(deploys()).toEqual([]);

    const state = readdirSync(join(project.place.root, ".supercargo"), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
    for (const secret of [netlify.token, SECRET]) expect(state).not.toContain(secret);
  }, 600_000);

  it("takes over what a killed engine had created, and makes nothing twice", async () => {
    await ensureStack(run());
    const struck = new Set<string>();
    netlify.onAnswer = async (call) => {
      const kind = call.replace(/[0-9a-f]{32}/, "*");
      if (!call.startsWith("POST") || struck.has(kind)) return undefined;
      struck.add(kind);
      const engines = listDescendants(process.pid).filter(({ command }) =>
        /\/pulumi up /.test(command),
      );
      for (const { pid } of engines) killProcess(pid);
      return undefined;
    };
    for (let left = 4; left > 0 && !(await upStack(run())).ok; left -= 1);
    const up = await upStack(run());
    expect(up, JSON.stringify(up).slice(0, 2000)).toMatchObject({ ok: true, unfinished: [] });
    expect(struck).toEqual(new Set(["POST /sites", "POST /sites/*/deploys"]));
    expect(netlify.records.sites.list()).toHaveLength(1);
    expect(deploys().map(({ state }) => state)).toEqual(["ready"]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);

  it("makes nothing again after an answer that says nothing, and looks for it instead", async () => {
    await ensureStack(run());
    netlify.onAnswer = async (call) => (call.startsWith("POST") ? 502 : undefined);
    expect(await upStack(run())).toMatchObject({ ok: true });
    expect(madeCalls().filter((call) => call.startsWith("POST"))).toHaveLength(2);
    expect(deploys().map(({ state }) => state)).toEqual(["ready"]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);

  it("says of what is refused what was asked, and nothing of the answer or of what it holds", async () => {
    await ensureStack(run());
    netlify.onAnswer = async () => 422;
    const refused = await upStack(run());
    const request = { method: "POST", path: "/sites", status: 422 };
    expect(refused).toMatchObject({ error: { resources: [{ resource: "shop", request }] } });
    for (const secret of [netlify.token, SECRET, "canary-answer"])
      expect(JSON.stringify(refused)).not.toContain(secret);
    expect(madeCalls()).toEqual(["POST /sites"]);
  }, 600_000);

  it("deploys no folder but the one that the stack names", async () => {
    await ensureStack(run());
    const planned = run();
    lay({ ...FILES, "publish/planted.html": "planted" });
    expect((await upStack(planned)).ok).toBe(false);
    expect([netlify.records.sites.list().length, deploys().length]).toEqual([1, 0]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);
});
