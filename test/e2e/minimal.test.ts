import { afterAll, beforeAll, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeAll(() => {
  project = makeProject("minimal");
});
afterAll(() => project.remove());

interface Up {
  readonly urls: readonly { readonly local: string }[];
  readonly money: { readonly spent: string };
}

test("the minimal template goes up for nothing, counts its visitors, and goes away", {
  timeout: 300_000,
}, async () => {
  const up = await runCli(["up", "--json"], { cwd: project.folder });
  expect(up.code, up.stdout + up.stderr).toBe(0);
  const envelope = readEnvelope(up.stdout);
  const { urls, money } = (envelope.ok ? envelope.data : {}) as unknown as Up;
  expect(money.spent).toBe("0.00 USD");
  const address = urls[0]?.local ?? "";
  expect((await visitApp(address)).body).toBe("Hello, visitor 1.\n");
  expect((await visitApp(address)).body).toBe("Hello, visitor 2.\n");
  const destroy = await runCli(["destroy", "--yes", "--json"], { cwd: project.folder });
  expect(destroy.code, destroy.stdout + destroy.stderr).toBe(0);
  expect((await visitApp(address)).status).not.toBe(200);
});
