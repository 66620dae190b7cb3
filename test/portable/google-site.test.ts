import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SERVE_ALL_PATHS } from "../../src/adapters/vendors/gcp/serve-all-paths.ts";
import { siteOptions } from "../../src/compiler/4-emit/bundle-options.ts";
import { type GoogleFunction, startGoogleFunction } from "./start-google-function.ts";

const FILES = { "index.html": "<p>home", "docs/index.html": "<p>docs", "robots.txt": "everybody" };
const folder = mkdtempSync(join(tmpdir(), "sc-google-site-"));
let site: GoogleFunction;
beforeAll(async () => {
  const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, btoa(text)]));
  const { outputFiles } = await build(siteOptions("google", JSON.stringify({ files, spa: false })));
  const file = join(folder, "index.mjs");
  writeFileSync(file, outputFiles?.[0]?.contents ?? "");
  site = await startGoogleFunction(file, "app", SERVE_ALL_PATHS);
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["/", 200, "text/html; charset=utf-8", "<p>home"],
  ["/docs", 200, "text/html; charset=utf-8", "<p>docs"],
  // Which the framework would answer by itself.
  ["/robots.txt", 200, "text/plain; charset=utf-8", "everybody"],
  ["/nowhere", 404, "text/plain;charset=UTF-8", "Not Found\n"],
])("a site in Google's own framework answers %s", async (path, status, type, text) => {
  const answer = await fetch(new URL(path, site.url));
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
    ...[status, type, text],
  ]);
});
