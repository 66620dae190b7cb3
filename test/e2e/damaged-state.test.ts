import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeProject } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

const project = makeProject("minimal");
afterAll(() => project.remove());

it("destroy refuses a state that it can't read, instead of finding nothing to remove", async () => {
  const stacks = join(project.folder, ".supercargo/pulumi/.pulumi/stacks/minimal");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, "local.json"), '{"version":3,"checkpoint":{"lat');
  const { code, stdout } = await runCli(["destroy", "--yes", "--json"], { cwd: project.folder });
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "state-unreadable" } });
  expect(code).toBe(4);
});
