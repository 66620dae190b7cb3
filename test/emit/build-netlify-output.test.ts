import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Artifact } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import type { BuiltArtifact } from "../../src/compiler/4-emit/built-artifact.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { readArchive } from "../support/read-archive.ts";

const APP = {
  ...{ kind: "netlify-output", name: "shop", source: "app" },
  content: {
    kind: "app",
    entry: "index.ts",
    schedules: { "schedule-1": "0 3 * * *" },
    queues: { "queue-1": "jobs" },
  },
} as const satisfies Artifact;
const SITE = {
  ...{ kind: "netlify-output", name: "docs", source: "public" },
  content: { kind: "site", spa: false },
} as const satisfies Artifact;
const AT = {
  file: "supercargo.yaml",
  path: "resources.x",
  range: { start: { line: 7, column: 3 }, end: { line: 7, column: 4 } },
};

let project = "";
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "supercargo-netlify-")));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}

async function build(artifact: Artifact) {
  const diagnostics: Diagnostic[] = [];
  const sink = { report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const builder = createArtifactBuilder({ path: project, shown: "project" });
  const [built] = (await builder([artifact], () => AT, sink)) ?? [];
  return { built, diagnostics };
}

/** What lies in the artifact's folder. */
const filesOf = (built: BuiltArtifact | undefined) =>
  new Map(
    built?.files.map(({ path, bytes }) => [path.replace(`${built.path}/`, ""), Buffer.from(bytes)]),
  );
const textOf = (built: BuiltArtifact | undefined, path: string) =>
  filesOf(built).get(path)?.toString();

/** The `handler` of a function as Lambda finds it: in the module that has the function's name. */
async function load(built: BuiltArtifact | undefined, name: string) {
  const archive = filesOf(built).get(`functions/${name}.zip`) ?? Buffer.of();
  const folder = join(project, "unpacked", name);
  mkdirSync(folder, { recursive: true });
  for (const { name: path, content } of readArchive(archive))
    writeFileSync(join(folder, path), content);
  const { handler } = (await import(join(folder, `${name}.mjs`))) as {
    handler(event: object): Promise<{ statusCode: number; body: string }>;
  };
  return handler;
}

test("an app is a function for every path, and one for each time, that Netlify can call", async () => {
  write({
    "app/index.ts": `
      export default {
        fetch: (request: Request) => new Response(new URL(request.url).pathname),
        scheduled: ({ cron }: { cron: string }) => { if (cron !== "0 3 * * *") throw new Error(cron); },
      };`,
  });
  const { built, diagnostics } = await build(APP);
  expect(diagnostics).toEqual([]);
  expect([...filesOf(built).keys()]).toEqual([
    "functions/app.zip",
    "functions/queue-1.zip",
    "functions/schedule-1.zip",
    "publish/_redirects",
  ]);
  expect(textOf(built, "publish/_redirects")).toBe("/* /.netlify/functions/app 200!\n");
  const event = { httpMethod: "GET", headers: {}, rawUrl: "https://shop.example/a/b?c" };
  expect(await (await load(built, "app"))(event)).toMatchObject({ statusCode: 200, body: "/a/b" });
  const scheduled = await load(built, "schedule-1");
  expect(await scheduled({ ...event, httpMethod: "POST" })).toMatchObject({ statusCode: 204 });

  // Without the site's stores there is nothing that a queue could hold.
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await (await load(built, "queue-1"))(event)).toMatchObject({ statusCode: 500 });

  const again = await build(APP);
  expect(again.built).toEqual(built);
  const idle = await build({ ...APP, content: { ...APP.content, schedules: {}, queues: {} } });
  expect([...filesOf(idle.built).keys()]).toEqual(["functions/app.zip", "publish/_redirects"]);
  expect(idle.built?.path).not.toBe(built?.path);
});

test("a site is its files, and unknown paths are its index where it is an app of one page", async () => {
  write({ "public/index.html": "home", "public/guide/first.html": "first" });
  const { built } = await build(SITE);
  expect([...filesOf(built).keys()]).toEqual(["publish/guide/first.html", "publish/index.html"]);
  const spa = { ...SITE, content: { kind: "site", spa: true } } as const;
  expect(textOf((await build(spa)).built, "publish/_redirects")).toBe("/* /index.html 200\n");
  write({ "public/_redirects": "/old /new 301" });
  expect(textOf((await build(spa)).built, "publish/_redirects")).toBe(
    "/old /new 301\n/* /index.html 200\n",
  );
  expect(textOf((await build(SITE)).built, "publish/_redirects")).toBe("/old /new 301");
});

test("what cannot be published is reported, and nothing is laid out", async () => {
  write({ "app/index.ts": "export default (" });
  const broken = await build(APP);
  expect(broken.built).toBeUndefined();
  expect(broken.diagnostics.map(({ code }) => code)).toEqual(["SC8001"]);
  expect((await build(SITE)).built).toBeUndefined();
});
