import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  timeout: 600_000,
}, async () => {
  const up = await runCli(["up", "--json"], { cwd: project.folder });
  expect(up.code, up.stdout + up.stderr).toBe(0);
  const envelope = readEnvelope(up.stdout);
  const { urls, money } = (envelope.ok ? envelope.data : {}) as unknown as Up;
  expect(money.spent).toBe("0.00 USD");
  const address = urls[0]?.local ?? "";
  expect((await visitApp(address)).body).toBe("Hello, visitor 1.\n");
  expect((await visitApp(address)).body).toBe("Hello, visitor 2.\n");
  await refuseTamperedState();
  const destroy = await runCli(["destroy", "--yes", "--json"], { cwd: project.folder });
  expect(destroy.code, destroy.stdout + destroy.stderr).toBe(0);
  expect((await visitApp(address)).status).not.toBe(200);
});

/** Promise 16: what is in the state is executed, so nobody but a run may have written it. */
async function refuseTamperedState(): Promise<void> {
  const file = join(project.folder, ".supercargo/pulumi/.pulumi/stacks/minimal/local.json");
  const good = readFileSync(file, "utf8");
  writeFileSync(file, good.replace("visits", "visitz"));
  for (const command of ["preview", "up", "destroy"]) {
    const { code, stdout } = await runCli([command, "--json"], { cwd: project.folder });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "state-changed" } });
    expect(code).toBe(3);
  }
  const silent = await runCli(["status", "--accept-state"], { cwd: project.folder });
  expect(silent.code).toBe(3);
  const accepted = await runCli(["status", "--accept-state", "--yes"], { cwd: project.folder });
  expect(accepted.code, accepted.stderr).toBe(0);
  writeFileSync(file, good);
  const put = await runCli(["up", "--json"], { cwd: project.folder });
  expect(JSON.parse(put.stdout)).toMatchObject({ error: { code: "state-changed" } });
  expect((await runCli(["status", "--accept-state", "--yes"], { cwd: project.folder })).code).toBe(
    0,
  );
}
