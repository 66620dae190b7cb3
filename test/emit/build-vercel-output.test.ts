import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Artifact } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import type { BuiltArtifact } from "../../src/compiler/4-emit/built-artifact.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";

const APP = {
  ...{ kind: "vercel-output", name: "shop", source: "app" },
  content: { kind: "app", entry: "index.ts", schedules: ["0 3 * * *"], topics: [] },
} as const satisfies Artifact;
const SITE = {
  ...{ kind: "vercel-output", name: "docs", source: "public" },
  content: { kind: "site", spa: false },
} as const satisfies Artifact;
const AT = {
  file: "supercargo.yaml",
  path: "resources.x",
  range: { start: { line: 7, column: 3 }, end: { line: 7, column: 4 } },
};

let project = "";
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "supercargo-vercel-")));
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

/** What lies below `.vercel/output`. */
const filesOf = (built: BuiltArtifact | undefined) =>
  new Map(
    built?.files.map(({ path, bytes }) => [
      path.replace(`${built.path}/.vercel/output/`, ""),
      new TextDecoder().decode(bytes),
    ]),
  );
const jsonOf = (built: BuiltArtifact | undefined, path: string): unknown =>
  JSON.parse(filesOf(built).get(path) ?? "null");

test("an app is one function for every path, called at its schedules, too", async () => {
  write({ "app/index.ts": 'export default { fetch: () => new Response("ok") };' });
  const { built, diagnostics } = await build(APP);
  expect(diagnostics).toEqual([]);
  expect([...filesOf(built).keys()]).toEqual([
    "config.json",
    "functions/app.func/.vc-config.json",
    "functions/app.func/index.mjs",
  ]);
  expect(jsonOf(built, "config.json")).toEqual({
    version: 3,
    routes: [{ handle: "filesystem" }, { src: "/(.*)", dest: "/app" }],
    crons: [{ path: "/_supercargo/scheduled", schedule: "0 3 * * *" }],
  });
  expect(jsonOf(built, "functions/app.func/.vc-config.json")).toMatchObject({
    runtime: "nodejs24.x",
    handler: "index.mjs",
    launcherType: "Nodejs",
  });
  const bundle = { kind: "bundle", target: "vercel", name: "shop", source: "app" } as const;
  const [module] = (await build({ ...bundle, entry: "index.ts" })).built?.files ?? [];
  expect(filesOf(built).get("functions/app.func/index.mjs")).toBe(
    new TextDecoder().decode(module?.bytes),
  );
  const idle = await build({ ...APP, content: { ...APP.content, schedules: [] } });
  expect(jsonOf(idle.built, "config.json")).not.toHaveProperty("crons");
  expect(idle.built?.path).not.toBe(built?.path);
});

test("an app that consumes queues has a function for each, which nobody else calls", async () => {
  write({ "app/index.ts": 'export default { fetch: () => new Response("ok") };' });
  const { built } = await build({ ...APP, content: { ...APP.content, topics: ["jobs", "mail"] } });
  const files = filesOf(built);
  const folders = ["jobs", "mail"].map((topic) => `functions/_supercargo/queues/${topic}.func`);
  expect([...files.keys()].toSorted()).toEqual(
    [
      ...folders.flatMap((folder) =>
        [".vc-config.json", "index.mjs", "queue.mjs"].map((file) => `${folder}/${file}`),
      ),
      ...["config.json", "functions/app.func/.vc-config.json", "functions/app.func/index.mjs"],
    ].toSorted(),
  );
  expect(jsonOf(built, `${folders[1]}/.vc-config.json`)).toMatchObject({
    runtime: "nodejs24.x",
    handler: "queue.mjs",
    launcherType: "Nodejs",
    experimentalTriggers: [{ type: "queue/v2beta", topic: "mail", consumer: "default" }],
  });
  // Vercel shuts the world out of a function with a trigger.
  expect(jsonOf(built, "functions/app.func/.vc-config.json")).not.toHaveProperty(
    "experimentalTriggers",
  );
  expect(jsonOf(built, "config.json")).toMatchObject({
    routes: [{ handle: "filesystem" }, { src: "/(.*)", dest: "/app" }],
  });
  const app = files.get("functions/app.func/index.mjs");
  for (const folder of folders) expect(files.get(`${folder}/index.mjs`)).toBe(app);
});

test("a site's pages have their short names, too, and what is lost has a page", async () => {
  write({
    "public/index.html": "home",
    "public/guide/first.html": "first",
    "public/404.html": "lost",
  });
  const { built } = await build(SITE);
  expect(jsonOf(built, "config.json")).toEqual({
    version: 3,
    routes: [
      { handle: "filesystem" },
      { src: "/(.+)", dest: "/$1.html", check: true },
      { handle: "error" },
      { src: "/(.*)", status: 404, dest: "/404.html" },
    ],
  });
  expect(filesOf(built).get("static/guide/first.html")).toBe("first");
  const spa = await build({ ...SITE, content: { kind: "site", spa: true } });
  expect(jsonOf(spa.built, "config.json")).toMatchObject({
    routes: [{}, { check: true }, { src: "/(.*)", dest: "/index.html" }],
  });
});

test("what cannot be published is reported, and nothing is laid out", async () => {
  write({ "app/index.ts": "export default (" });
  const broken = await build(APP);
  expect(broken.built).toBeUndefined();
  expect(broken.diagnostics.map(({ code }) => code)).toEqual(["SC8001"]);
  expect((await build(SITE)).built).toBeUndefined();
});
