import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusResult } from "../../src/index.ts";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeAll(() => {
  project = makeProject("minimal");
});
afterAll(() => project.remove());

async function run(...args: string[]) {
  const done = await runCli([...args, "--json"], { cwd: project.folder });
  return { code: done.code, envelope: readEnvelope(done.stdout), text: done.stdout + done.stderr };
}

const ACCOUNT = "minimal/local/cloudflare/account";

test("an account moves to one's own identity provider when a person says so, and the app runs on", {
  timeout: 600_000,
}, async () => {
  const up = await run("up");
  expect(up.code, up.text).toBe(0);
  const status = await run("status");
  const { orchestrators, urls } = (status.envelope.ok
    ? status.envelope.data
    : {}) as unknown as StatusResult;
  expect(orchestrators).toEqual([
    { orchestrator: "stripe", provider: "cloudflare", healthy: true },
  ]);
  const address = urls[0]?.local ?? "";

  const unasked = await run("move-account", ACCOUNT, "--to", "self");
  expect(unasked.code).toBe(3);
  expect(unasked.envelope).toMatchObject({ error: { code: "not-confirmed" } });
  const unknown = await run("move-account", ACCOUNT, "--to", "planetscale", "--yes");
  expect(unknown.envelope).toMatchObject({ error: { code: "account-not-movable" } });

  const guardrails = join(project.folder, "guardrails.yaml");
  const text = readFileSync(guardrails, "utf8");
  const rule = "{ effect: forbid, subject: human, verbs: [move] }";
  writeFileSync(guardrails, `${text}permissions:\n  - ${rule}\n`);
  const forbidden = await run("move-account", ACCOUNT, "--to", "self", "--yes");
  expect(forbidden.envelope).toMatchObject({ error: { code: "not-permitted" } });
  writeFileSync(guardrails, text);

  // The account came to be through Stripe, so the provider asks its owner.
  const asked = await run("move-account", ACCOUNT, "--to", "self", "--yes");
  expect(asked.code, asked.text).toBe(3);
  const { link } = (asked.envelope.ok ? {} : asked.envelope.error.details) as { link: string };
  const state = new URL(link).searchParams.get("state") ?? "";
  await fetch(`${new URL(link).origin}/providers/cloudflare/authorize/confirm`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ state, decision: "allow" }),
  });
  const moved = await run("move-account", ACCOUNT, "--to", "self", "--yes");
  expect(moved.code, moved.text).toBe(0);
  expect(moved.envelope).toMatchObject({ data: { from: "stripe", to: "self" } });

  expect((await visitApp(address)).status).toBe(200);
  const again = await run("up");
  expect(again.envelope).toMatchObject({ data: { changes: 0 } });
  expect((await run("rotate")).code).toBe(0);
  expect((await readBooks(project.folder)).accounts).toHaveLength(1);
  const log = await runCli(["log", "show"], { cwd: project.folder });
  expect(log.stdout).toContain("reaches the account at cloudflare through self from now on");
  expect((await run("log", "verify")).code).toBe(0);
});
