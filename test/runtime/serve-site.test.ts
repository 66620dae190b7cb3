import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { siteOptions } from "../../src/compiler/4-emit/bundle-options.ts";
import { startNode } from "../portable/node-process.ts";

const FILES = {
  "index.html": "<p>home",
  "about.html": "<p>about",
  "docs/index.html": "<p>docs",
  "a b.txt": "spaced",
  "style.css": "p{}",
  unknown: "?",
};

async function startSite(spa: boolean, more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sc-site-"));
  const files = Object.fromEntries(
    Object.entries({ ...FILES, ...more }).map(([path, text]) => [path, btoa(text)]),
  );
  const { outputFiles } = await build(siteOptions("node", JSON.stringify({ files, spa })));
  const program = join(folder, "site.mjs");
  writeFileSync(program, outputFiles?.[0]?.contents ?? "");
  const site = await startNode(program, {});
  return {
    get: async (path: string, method = "GET") => {
      const response = await fetch(`${site.url}${path}`, { method });
      return [response.status, response.headers.get("content-type"), await response.text()];
    },
    async stop() {
      const { code } = await site.end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

describe("a site's program", () => {
  let site: Awaited<ReturnType<typeof startSite>>;
  beforeAll(async () => {
    site = await startSite(false, { "404.html": "<p>gone" });
  });
  afterAll(() => site.stop());

  it.each([
    ["/", [200, "text/html; charset=utf-8", "<p>home"]],
    ["/about", [200, "text/html; charset=utf-8", "<p>about"]],
    ["/docs/", [200, "text/html; charset=utf-8", "<p>docs"]],
    ["/a%20b.txt", [200, "text/plain; charset=utf-8", "spaced"]],
    ["/style.css?v=2", [200, "text/css; charset=utf-8", "p{}"]],
    ["/unknown", [200, "application/octet-stream", "?"]],
    ["/nothing", [404, "text/html; charset=utf-8", "<p>gone"]],
    ["/..%2f..%2fetc/passwd", [404, "text/html; charset=utf-8", "<p>gone"]],
    ["/%zz", [404, "text/html; charset=utf-8", "<p>gone"]],
  ])("answers %s", async (path, answer) => {
    expect(await site.get(path)).toEqual(answer);
  });

  it("sends the head alone where that is asked, and takes nothing", async () => {
    expect(await site.get("/", "HEAD")).toEqual([200, "text/html; charset=utf-8", ""]);
    expect((await site.get("/", "POST"))[0]).toBe(405);
  });
});

it("a site of one page answers it for every path, and ends well on SIGTERM", async () => {
  const site = await startSite(true);
  expect(await site.get("/orders/7")).toEqual([200, "text/html; charset=utf-8", "<p>home"]);
  expect(await site.stop()).toBe(0);
});
