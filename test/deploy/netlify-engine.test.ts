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
import { killProcess } from "../support/kill-process.ts";
import { listDescendants } from "../support/list-processes.ts";
import { engineForTests, makeEngineProject } from "./engine-project.ts";
import { type PlayedNetlify, startNetlifyApi } from "./netlify-api-stand-in.ts";

const engine = await engineForTests();
const TOKEN = "nfp_canary-token-41";
const SECRET = "canary-variable-42";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as netlify from "supercargo/netlify";

const shop = new netlify.Site("shop", {
  name: process.env.TRY_NAME ?? "acme-shop",
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

describe.skipIf(engine === undefined)("Netlify's provider under the real engine", () => {
  const project = makeEngineProject("netlify");
  const folder = join(project.place.folder, "build/shop");
  let netlify: PlayedNetlify;
  let sha256 = "";

  /** Writes what is deployed, and its digest. */
  function lay(files: Readonly<Record<string, string>>): void {
    rmSync(folder, { recursive: true, force: true });
    const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [path, text] of sorted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    sha256 = digestFiles(sorted.map(([path, text]) => ({ path, bytes: Buffer.from(text) })));
  }
  const FILES = {
    "functions/app.zip": "app",
    "functions/schedule-1.zip": "schedule",
    "publish/_redirects": "/* /.netlify/functions/app 200!\n",
    "publish/a b/ü.html": "page",
  };
  const run = (more: Readonly<Record<string, string>> = {}) => {
    if (engine === undefined) throw new Error("no engine");
    return project.run(engine, {
      ...{ NETLIFY_AUTH_TOKEN: TOKEN, NETLIFY_API_URL: netlify.url, TRY_SHA256: sha256, ...more },
    });
  };
  const changesOf = ({ steps }: Awaited<ReturnType<typeof previewStack>>) =>
    steps
      .filter(({ operation }) => operation !== "same")
      .map(({ operation, name }) => `${operation} ${name}`);

  beforeAll(() => project.write(PROGRAM));
  afterAll(() => project.remove());
  beforeEach(async () => {
    netlify = await startNetlifyApi(TOKEN);
    lay(FILES);
  });
  afterEach(() => netlify.close());

  it("creates, finds no change, deploys what changed alone, and removes everything", async () => {
    await ensureStack(run());
    const up = await upStack(run());
    expect(up, JSON.stringify(up).slice(0, 2000)).toMatchObject({ ok: true });
    const [site = ""] = netlify.sites.keys();
    expect(netlify.calls).toEqual([
      "POST /sites",
      `POST /sites/${site}/deploys`,
      "PUT /deploys/deploy-1/files/_redirects",
      "PUT /deploys/deploy-1/files/a%20b/%C3%BC.html",
      "PUT /deploys/deploy-1/functions/app",
      "PUT /deploys/deploy-1/functions/schedule-1",
    ]);
    const [deploy] = netlify.deploys.values();
    expect(deploy?.body.function_schedules).toEqual([{ name: "schedule-1", cron: "0 3 * * *" }]);
    expect(deploy?.body.environment).toEqual([
      { key: "KEY", value: SECRET, is_secret: true, scopes: ["functions"] },
      { key: "NAME", value: "first", is_secret: true, scopes: ["functions"] },
    ]);
    expect(deploy?.title).not.toContain(SECRET);

    netlify.calls.length = 0;
    expect(changesOf(await refreshStack(run()))).toEqual([]);
    expect(changesOf(await previewStack(run()))).toEqual([]);
    expect(netlify.calls).toEqual([]);

    lay({ ...FILES, "publish/a b/ü.html": "other page" });
    const changed = await upStack(run({ TRY_HOST: "example.com" }));
    expect(changed).toMatchObject({ ok: true });
    expect(netlify.sites.get(site)).toMatchObject({
      custom_domain: "example.com",
      domain_aliases: ["shop.example.com"],
    });
    expect(netlify.calls).toEqual([
      `PATCH /sites/${site}`,
      `POST /sites/${site}/deploys`,
      "PUT /deploys/deploy-2/files/a%20b/%C3%BC.html",
    ]);

    // A host that somebody took away by hand is given back, and one that is not named any more is taken away.
    Object.assign(netlify.sites.get(site) ?? {}, { custom_domain: "elsewhere.example" });
    expect(changesOf(await refreshStack(run({ TRY_HOST: "example.com" })))).toEqual([
      "update shop",
    ]);
    expect(await upStack(run())).toMatchObject({ ok: true });
    expect(netlify.sites.get(site)).toMatchObject({ custom_domain: null, domain_aliases: [] });

    netlify.stores.set(`${site}/site:media`, 5);
    netlify.calls.length = 0;
    expect(await destroyStack(run())).toMatchObject({ ok: true });
    expect(netlify.calls).toEqual([
      ...[1, 2, 3].map(() => `DELETE /blobs/${site}/site:media`),
      `DELETE /sites/${site}`,
    ]);
    expect([netlify.sites.size, netlify.deploys.size, netlify.stores.size]).toEqual([0, 0, 0]);

    const state = readdirSync(join(project.place.root, ".supercargo"), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
    for (const secret of [TOKEN, SECRET]) expect(state).not.toContain(secret);
  }, 600_000);

  it("takes over what a killed engine had created, and makes nothing twice", async () => {
    await ensureStack(run());
    const struck = new Set<string>();
    netlify.onAnswer = async (call) => {
      const kind = call.replace(/(?:site|deploy)-\d+[^/]*/, "*");
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
    expect([netlify.sites.size, netlify.deploys.size]).toEqual([1, 1]);
    expect([...netlify.deploys.values()].map(({ missing }) => missing.size)).toEqual([0]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);

  it("makes nothing again after an answer that says nothing, and looks for it instead", async () => {
    await ensureStack(run());
    netlify.onAnswer = async (call) => (call.startsWith("POST") ? 502 : undefined);
    expect(await upStack(run())).toMatchObject({ ok: true });
    expect(netlify.calls.filter((call) => call.startsWith("POST"))).toHaveLength(2);
    expect([netlify.sites.size, netlify.deploys.size]).toEqual([1, 1]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);

  it("says of what is refused what was asked, and nothing of the answer or of what it holds", async () => {
    await ensureStack(run());
    const refused = await upStack(run({ NETLIFY_AUTH_TOKEN: `${TOKEN}-other` }));
    const request = { method: "POST", path: "/sites", status: 401 };
    expect(refused).toMatchObject({ error: { resources: [{ resource: "shop", request }] } });
    for (const secret of [TOKEN, SECRET, "canary-answer"])
      expect(JSON.stringify(refused)).not.toContain(secret);
  }, 600_000);

  it("deploys no folder but the one that the stack names", async () => {
    await ensureStack(run());
    const planned = run();
    lay({ ...FILES, "publish/planted.html": "planted" });
    expect((await upStack(planned)).ok).toBe(false);
    expect([netlify.sites.size, netlify.deploys.size]).toEqual([1, 0]);
    expect(await destroyStack(run())).toMatchObject({ ok: true });
  }, 600_000);
});
