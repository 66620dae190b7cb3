import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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

async function run(...args: string[]) {
  const done = await runCli([...args, "--json"], { cwd: project.folder });
  return { code: done.code, envelope: readEnvelope(done.stdout) };
}

/** Sets or ends faults of the sandbox. */
async function changeFaults(method: "POST" | "DELETE", body?: object): Promise<void> {
  const file = readSandboxFile(join(project.folder, ".supercargo", "sandbox"));
  const response = await fetch(`${file?.controlUrl}/sandbox/faults`, {
    method,
    headers: { "x-sandbox-admin": file?.adminToken ?? "", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
}

test("promise 24: with the registrar down a domain is queued, and the next run buys it once", {
  timeout: 600_000,
}, async () => {
  expect((await run("sandbox", "start")).code).toBe(0);
  await changeFaults("POST", { match: { path: "/registrar/" }, kind: "refuse", times: null });
  const failed = await run("up");
  expect(failed.code).toBe(4);
  expect(JSON.stringify(failed.envelope)).toContain("purchase_queued");
  expect((await readBooks(project.folder)).domains).toEqual([]);
  const status = await run("status");
  expect(status.envelope).toMatchObject({
    data: {
      open: [{ resource: "address", waiting: "queued", held: "12.00 USD" }],
      money: { spent: "0.00 USD", held: "12.00 USD" },
    },
  });

  await changeFaults("DELETE");
  expect((await run("up")).code).toBe(0);
  const { domains, charges } = await readBooks(project.folder);
  expect([domains.length, charges.length]).toEqual([1, 1]);
  expect((await run("status")).envelope).toMatchObject({
    data: { open: [], money: { spent: "10.44 USD", held: "0.00 USD" } },
  });
});
