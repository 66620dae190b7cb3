import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readSandboxFile } from "../../src/sandbox/sandbox-file.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeAll(() => {
  project = makeProject("storefront");
});
afterAll(() => project.remove());

async function run<T>(...args: string[]): Promise<{ code: number | null; data: T; error: string }> {
  const done = await runCli([...args, "--json"], { cwd: project.folder });
  const envelope = readEnvelope(done.stdout);
  return {
    code: done.code,
    data: (envelope.ok ? envelope.data : undefined) as unknown as T,
    error: envelope.ok ? "" : envelope.error.code,
  };
}

interface Up {
  readonly urls: readonly { readonly local: string }[];
  readonly changes: number;
}
interface Revoked {
  readonly revoked: readonly { readonly kind: string; readonly state: string }[];
}

/** Makes every call to the path fail, as if who answers there were down. */
async function breakDown(path: string): Promise<void> {
  const file = readSandboxFile(join(project.folder, ".supercargo", "sandbox"));
  const response = await fetch(`${file?.controlUrl}/sandbox/faults`, {
    method: "POST",
    headers: { "x-sandbox-admin": file?.adminToken ?? "", "content-type": "application/json" },
    body: JSON.stringify({ match: { path }, kind: "status500", times: null }),
  });
  expect(response.status).toBeLessThan(300);
}

test("promise 12: rotation and revocation leave the app running, and only a person brings a right back", {
  timeout: 600_000,
}, async () => {
  const up = await run<Up>("up");
  expect(up.code, up.error).toBe(0);
  const address = up.data.urls[0]?.local ?? "";
  const isServing = async () => (await visitApp(address)).status === 200;

  expect((await run("rotate")).code).toBe(0);
  expect(await isServing()).toBe(true);
  const { accounts, paymentTokens, domains, charges } = await readBooks(project.folder);
  expect([accounts.length, domains.length, charges.length]).toEqual([1, 1, 1]);
  expect(paymentTokens.map(({ status }) => status).sort()).toEqual(["active", "deactivated"]);

  const revoked = await run<Revoked>("revoke", "storefront/local/cloudflare/access-token");
  expect(revoked.data.revoked).toMatchObject([{ kind: "access-token", state: "revoked" }]);
  expect(await isServing()).toBe(true);
  expect(await run("rotate")).toMatchObject({ code: 3, error: "not-confirmed" });
  expect((await run("rotate", "--yes")).code).toBe(0);
  expect((await run<Up>("up")).data.changes).toBe(0);
});

test("promise 24: with the orchestrator down, planning, reading and revoking go on", {
  timeout: 600_000,
}, async () => {
  await breakDown("/provisioning/*");
  await breakDown("/oauth/*");
  expect((await run("preview")).code).toBe(0);
  expect((await run("status")).code).toBe(0);
  expect((await run("leases")).code).toBe(0);
  expect((await run<Up>("up")).data.changes).toBe(0);
  expect((await run("revoke", "storefront/local/cloudflare/access-token")).code).toBe(0);
  expect((await run("rotate", "storefront/local/cloudflare/access-token", "--yes")).code).toBe(0);
});

test("promise 8: the kill switch works with the orchestrator down, and nothing is spent after it", {
  timeout: 600_000,
}, async () => {
  const frozen = await run<Revoked>("freeze");
  expect(frozen.code, frozen.error).toBe(0);
  expect(frozen.data.revoked.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
    "access-token revoked",
    "account revoked",
    "payment-token revoked",
    "session revoked",
  ]);
  const { paymentTokens } = await readBooks(project.folder);
  expect(paymentTokens.every(({ status }) => status === "deactivated")).toBe(true);
  expect(await run("rotate", "--yes")).toMatchObject({ code: 1, error: "frozen" });
  expect(await run("unfreeze")).toMatchObject({ code: 3, error: "not-confirmed" });
  expect((await run("unfreeze", "--yes")).code).toBe(0);
});
