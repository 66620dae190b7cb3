import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeAll(() => {
  project = makeProject("minimal");
});
afterAll(() => project.remove());

const SERVICE = `  store: { kind: service, service: "cloudflare/kv", config: { title: spare } }\n`;

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd: project.folder });
  return { code, envelope: readEnvelope(stdout), all: stdout + stderr };
}

test("what leaves the manifest goes only when a person says so", { timeout: 600_000 }, async () => {
  const file = join(project.folder, "supercargo.yaml");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, `${before.trimEnd()}\n  spare: { kind: kv }\n${SERVICE}`);
  const up = await run("up");
  expect(up.code, up.all).toBe(0);

  writeFileSync(file, before);
  for (const command of ["preview", "up"]) {
    const refused = await run(command);
    expect(refused.code, refused.all).toBe(1);
    expect(refused.envelope).toMatchObject({
      ok: false,
      error: { code: "not-allowed" },
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: "SC4017", message: expect.stringContaining("`spare`") }),
        expect.objectContaining({ code: "SC4017", message: expect.stringContaining("`store`") }),
      ]),
    });
  }
  const books = await readBooks(project.folder);
  expect(books.domains).toEqual([]);

  const silent = await run("up", "--person");
  expect(silent.code, silent.all).toBe(3);
  expect(silent.envelope).toMatchObject({ error: { code: "not-confirmed" } });

  const done = await run("up", "--person", "--yes");
  expect(done.code, done.all).toBe(0);
  expect(done.envelope).toMatchObject({
    ok: true,
    data: { applied: { delete: expect.any(Number) } },
  });

  const destroy = await run("destroy", "--yes");
  expect(destroy.code, destroy.all).toBe(0);
});
