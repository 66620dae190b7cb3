import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LeaseListing, StatusResult } from "../../src/index.ts";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeAll(() => {
  project = makeProject("minimal");
  const manifest = join(project.folder, "supercargo.yaml");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace("orchestrator: [stripe]", "orchestrator: [cloudflare]"));
});
afterAll(() => project.remove());

async function run(...args: string[]) {
  const done = await runCli([...args, "--json"], { cwd: project.folder });
  const text = done.stdout + done.stderr;
  const envelope = readEnvelope(done.stdout);
  return { code: done.code, text, envelope, data: envelope.ok ? envelope.data : undefined };
}

test("an app runs in an account of nobody, whose deadline is listed and whose link only a person gets", {
  timeout: 600_000,
}, async () => {
  const up = await run("up");
  expect(up.code, up.text).toBe(0);
  const status = await run("status");
  const { leases, urls } = status.data as unknown as StatusResult;
  const deadline = leases.find(({ kind }) => kind === "account")?.claimUntil ?? "";
  expect(Date.parse(deadline)).toBeGreaterThan(Date.now());
  expect((await visitApp(urls[0]?.local ?? "")).status).toBe(200);
  const listing = (await run("leases")).data as unknown as LeaseListing;
  expect(listing.leases.find(({ kind }) => kind === "account")?.claimUntil).toBe(deadline);

  const account = "minimal/local/cloudflare/account";
  const file = join(project.folder, "claim-link");
  const unasked = await run("claim", account, "--output-file", file);
  expect(unasked.code).toBe(3);
  const shown = await run("claim", account, "--output-file", file, "--yes");
  expect(shown.code, shown.text).toBe(0);
  const link = readFileSync(file, "utf8").trim();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect([shown.text, up.text, status.text].join("\n")).not.toContain(link);
  expect((await run("claim", account, "--output-file", file, "--yes")).code).toBe(2);

  const email = "founder@example.com";
  await fetch(link, { method: "POST", body: new URLSearchParams({ email }) });
  expect((await readBooks(project.folder)).accounts).toMatchObject([{ email }]);
  expect((await visitApp(urls[0]?.local ?? "")).status).toBe(200);
});
