import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../support/start-postgres.ts";
import { writeTemplate } from "./bundle-template.ts";
import { startNode } from "./node-process.ts";

const ends = new AsyncDisposableStack();
let postgres = "";
beforeAll(async () => {
  const server = await startPostgres({ fsync: false });
  ends.defer(() => server.remove());
  postgres = server.url;
});
afterAll(() => ends.disposeAsync());

test("the minimal template, written for Workers KV, counts its visitors as a Node process, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sc-minimal-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = await writeTemplate(folder, "node", "minimal");
  const variables = { VISITS: `${postgres}?kv=visits`, SUPERCARGO_BINDINGS: "VISITS" };
  for (const greeting of ["Hello, visitor 1.\n", "Hello, visitor 2.\n"]) {
    const app = await startNode(file, variables);
    expect(await (await fetch(app.url)).text()).toBe(greeting);
    expect(await app.end("SIGTERM"), app.errors()).toEqual({ code: 0, signal: null });
  }
});
