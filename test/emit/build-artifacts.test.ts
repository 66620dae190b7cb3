import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import type { BuiltArtifact } from "../../src/compiler/4-emit/built-artifact.ts";
import type { Diagnostic, SourceLocation } from "../../src/diagnostics/diagnostic.ts";

const APP: Artifact = { kind: "bundle", name: "shop", source: "app", entry: "index.ts" };
const SITE: Artifact = { kind: "directory", name: "docs", source: "public" };
const AT: SourceLocation = {
  file: "supercargo.yaml",
  path: "resources.x",
  range: { start: { line: 7, column: 3 }, end: { line: 7, column: 4 } },
};

let folder = "";
let project = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "supercargo-build-")));
  project = join(folder, "project");
  mkdirSync(project);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The files in an archive, one after the other, that are stored and not compressed. */
function unpack(archive: Uint8Array): readonly string[] {
  const bytes = Buffer.from(archive);
  const files: string[] = [];
  for (let at = 0; bytes.toString("latin1", at, at + 4) === "PK\x03\x04"; ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26);
    at = start + bytes.readUInt32LE(at + 18);
    files.push(bytes.subarray(start, at).toString());
  }
  return files;
}

async function build(artifact: Artifact, path = project) {
  const diagnostics: Diagnostic[] = [];
  const sink = { report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const builder = createArtifactBuilder({ path, shown: "project" });
  const [built] = (await builder([artifact], () => AT, sink)) ?? [];
  return { built, diagnostics };
}

const textOf = (built: BuiltArtifact | undefined) =>
  new TextDecoder().decode(built?.files[0]?.bytes);

describe("bundling an app", () => {
  test("joins its modules to one that web runtimes load", async () => {
    write({
      "project/app/index.ts": `
        import { greet } from "./greet.ts";
        import { env } from "cloudflare:workers";
        import { Buffer } from "node:buffer";
        export default { fetch: () => new Response(greet(env.NAME) + Buffer.from("x")) };`,
      "project/app/greet.ts": `export const greet = (name: string): string => "Hello " + name;`,
    });
    const { built, diagnostics } = await build(APP);
    expect(diagnostics).toEqual([]);
    expect(built).toMatchObject({ name: "shop", kind: "bundle", path: "build/shop.mjs" });
    const text = textOf(built);
    expect(text).toContain("Hello ");
    expect(text).toContain('from"cloudflare:workers"');
    expect(text).toContain('from"node:buffer"');
    expect(text).toMatch(/export\{\w+ as default\}/);
  });

  test("finds hono although the project installed nothing", async () => {
    write({
      "project/app/index.ts": `import { Hono } from "hono"; export default new Hono();`,
    });
    const { built, diagnostics } = await build(APP);
    expect(diagnostics).toEqual([]);
    expect(textOf(built).length).toBeGreaterThan(5000);
  });

  test("gives the same bytes in another folder, with no path in them", async () => {
    write({
      "project/app/index.ts": `import { Hono } from "hono"; import data from "./data.json"; export default [new Hono(), data];`,
      "project/app/data.json": `{ "price": 3 }`,
    });
    cpSync(project, join(folder, "some/where/else"), { recursive: true });
    const first = await build(APP);
    const second = await build(APP, join(folder, "some/where/else"));
    expect(second.built).toEqual(first.built);
    expect(textOf(first.built)).not.toContain(folder);
    expect(textOf(first.built)).not.toContain("node_modules");
  });

  test.each(["node", "lambda", "google", "vercel", "netlify"] as const)(
    "brings all that %s needs, with the same bytes in another folder and no path in them",
    async (target) => {
      write({ "project/app/index.ts": 'export default { fetch: () => new Response("ok") };' });
      cpSync(project, join(folder, "some/where/else"), { recursive: true });
      const first = await build({ ...APP, target });
      const second = await build({ ...APP, target }, join(folder, "some/where/else"));
      expect(first.diagnostics).toEqual([]);
      expect(second.built).toEqual(first.built);
      const text = textOf(first.built);
      for (const path of [folder, process.cwd(), "node_modules"]) expect(text).not.toContain(path);
      const imports = [...text.matchAll(/(?:from|import)"([\w:@/.-]+)"/g)].map(
        ([, name = ""]) => name,
      );
      expect(imports.filter((name) => !isBuiltin(name))).toEqual([]);
    },
  );

  test("packs the bundle where a platform wants it so, with the same digest each time", async () => {
    write({ "project/app/index.ts": "export default { fetch: () => new Response('Hello') };" });
    const lambda = { ...APP, target: "lambda" } as const;
    const { built } = await build({ ...lambda, packed: true });
    expect(built?.path).toBe("build/shop.zip");
    expect(unpack(built?.files[0]?.bytes ?? new Uint8Array())).toEqual([
      textOf((await build(lambda)).built),
    ]);
    expect((await build({ ...lambda, packed: true })).built?.sha256).toBe(built?.sha256);
  });

  test("packs for Google what its build asks for, with the framework that the tests run", async () => {
    write({
      "project/app/index.ts": "export default { fetch: () => new Response('Hello') };",
      "project/public/index.html": "<p>home",
    });
    const google = { target: "google", packed: true } as const;
    const site = { kind: "site-program", name: "docs", source: "public", spa: false } as const;
    const { devDependencies } = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
    ) as { readonly devDependencies: Readonly<Record<string, string>> };
    const framework = "@google-cloud/functions-framework";
    for (const artifact of [
      { ...APP, ...google },
      { ...site, ...google },
    ]) {
      const { built, diagnostics } = await build(artifact);
      expect(diagnostics).toEqual([]);
      expect(built?.path).toBe(`build/${artifact.name}.zip`);
      const [code = "", description = "{}"] = unpack(built?.files[0]?.bytes ?? new Uint8Array());
      expect(code).toMatch(/export\{[^}]*\bas app\b/);
      expect(JSON.parse(description)).toMatchObject({
        main: "index.mjs",
        dependencies: { [framework]: devDependencies[framework] },
      });
    }
  });

  test("lies at a path that changes with it where a platform looks at nothing else", async () => {
    const app = { ...APP, target: "node", packed: true, hashed: true } as const;
    const files = { kind: "site-program", name: "docs", source: "public", spa: false } as const;
    const site = { ...files, packed: true, hashed: true };
    const pathsWith = async (word: string) => {
      write({
        "project/app/index.ts": `export default { fetch: () => new Response('${word}') };`,
        "project/public/index.html": word,
      });
      return [(await build(app)).built, (await build(site)).built];
    };
    const [shop, docs] = await pathsWith("Hello");
    for (const built of [shop, docs])
      expect(built?.path).toBe(`build/${built?.name}.${built?.sha256.slice(0, 16)}.zip`);
    const path = docs?.path ?? "";
    expect(docs?.files.map((file) => file.path)).toEqual([path]);
    expect(unpack(docs?.files[0]?.bytes ?? new Uint8Array())[0]).toBe(
      textOf((await build(files)).built),
    );
    expect(await pathsWith("Hello")).toEqual([shop, docs]);
    const later = await pathsWith("Goodbye");
    expect(later.map((built) => built?.path)).not.toContain(shop?.path);
    expect(later.map((built) => built?.path)).not.toContain(path);
  });

  test("ignores a tsconfig.json above the app", async () => {
    write({ "project/app/index.ts": "export class Shop { open = true }" });
    const before = await build(APP);
    write({ "tsconfig.json": `{ "compilerOptions": { "useDefineForClassFields": false } }` });
    expect((await build(APP)).built).toEqual(before.built);
  });

  test("reports an error of the code where it stands", async () => {
    write({ "project/app/index.ts": 'const name = "Grüße";\nexport default "ü" + + ;\n' });
    const { built, diagnostics } = await build(APP);
    expect(built).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        code: "SC8001",
        message: expect.stringContaining("Unexpected"),
        file: "project/app/index.ts",
        range: { start: { line: 2, column: 24 } },
      },
    ]);
  });

  test("reports an import that does not exist", async () => {
    write({ "project/app/index.ts": `import "./missing.ts";` });
    const { diagnostics } = await build(APP);
    expect(diagnostics).toMatchObject([
      {
        code: "SC8001",
        message: expect.stringContaining("missing.ts"),
        range: { start: { line: 1, column: 8 }, end: { line: 1, column: 22 } },
      },
    ]);
  });

  test("reports a missing entry at the resource", async () => {
    const { diagnostics } = await build(APP);
    expect(diagnostics).toMatchObject([{ code: "SC8002", file: "supercargo.yaml" }]);
  });

  test.each([
    ["an import that climbs out", `import data from "../../home/token.json"; export default data;`],
    ["an absolute import", `import data from "ROOT/home/token.json"; export default data;`],
    ["a link", `import data from "./link.json"; export default data;`],
    [
      "the project's private folder",
      `import d from "../.supercargo/sandbox.json"; export default d;`,
    ],
  ])("takes in no file from outside: %s", async (_, code) => {
    write({
      "project/app/index.ts": code.replace("ROOT", folder),
      "home/token.json": `{ "token": "canary" }`,
      "project/.supercargo/sandbox.json": `{ "token": "canary" }`,
    });
    symlinkSync(join(folder, "home/token.json"), join(project, "app/link.json"));
    const { built, diagnostics } = await build(APP);
    expect(built).toBeUndefined();
    expect(diagnostics.map(({ code: found }) => found)).toEqual(["SC8003"]);
  });

  test("takes no source folder that is a link out of the project", async () => {
    write({ "elsewhere/index.ts": "export default {};" });
    symlinkSync(join(folder, "elsewhere"), join(project, "app"));
    const { diagnostics } = await build(APP);
    expect(diagnostics.map(({ code }) => code)).toEqual(["SC8003"]);
  });
});

describe("copying a folder", () => {
  test("takes its files in order of path and names the folder after them", async () => {
    write({
      "project/public/index.html": "<h1>Hello</h1>",
      "project/public/b/c.css": "h1 {}",
      "project/public/b.txt": "b",
    });
    const { built, diagnostics } = await build(SITE);
    expect(diagnostics).toEqual([]);
    expect(built?.path).toMatch(/^build\/docs\.[0-9a-f]{16}$/);
    expect(built?.path).toContain(built?.sha256.slice(0, 16));
    expect(built?.files.map(({ path }) => path.slice((built?.path ?? "").length))).toEqual([
      "/b.txt",
      "/b/c.css",
      "/index.html",
    ]);
  });

  test("gives another name when a file changes, moves or comes", async () => {
    write({ "project/public/a.txt": "one" });
    const paths = new Set([(await build(SITE)).built?.path]);
    write({ "project/public/a.txt": "two" });
    paths.add((await build(SITE)).built?.path);
    write({ "project/public/b.txt": "" });
    paths.add((await build(SITE)).built?.path);
    expect(paths.size).toBe(3);
  });

  test("leaves out what is hidden, except .well-known", async () => {
    write({
      "project/public/.env": "TOKEN=canary",
      "project/public/.git/config": "canary",
      "project/public/node_modules/x/index.js": "canary",
      "project/public/.well-known/security.txt": "Contact:",
    });
    const { built } = await build(SITE);
    expect(built?.files.map(({ path }) => path)).toEqual([
      `${built?.path}/.well-known/security.txt`,
    ]);
  });

  test("refuses links", async () => {
    write({ "project/public/index.html": "", "home/key": "canary" });
    symlinkSync(join(folder, "home/key"), join(project, "public/key.txt"));
    const { built, diagnostics } = await build(SITE);
    expect(built).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: "SC8004", message: expect.stringContaining("key.txt") },
    ]);
  });

  test("refuses a file that is too large", async () => {
    write({ "project/public/film.bin": "x".repeat(25 * 1024 * 1024 + 1) });
    const { diagnostics } = await build(SITE);
    expect(diagnostics).toMatchObject([{ code: "SC8006" }]);
  });

  test("reports a missing folder", async () => {
    const { diagnostics } = await build(SITE);
    expect(diagnostics).toMatchObject([{ code: "SC8002" }]);
  });
});
