import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { containerBase } from "../../src/sandbox/docker/container-base.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { findLeaks, readTree } from "../leaks/find-leaks.ts";
import { listProcesses } from "../support/list-processes.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

interface Up {
  readonly urls: readonly { readonly resource: string; readonly local: string }[];
  readonly changes: number;
}

const WHOLE_MS = 600_000;
let project: Project;
beforeAll(() => {
  project = makeProject("neon", join(import.meta.dirname, "fixtures"));
});
afterAll(() => project.remove());

let printed = "";

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd: project.folder });
  printed += stdout + stderr;
  return { code, envelope: readEnvelope(stdout), all: stdout + stderr };
}

async function command(...args: readonly string[]): Promise<Up> {
  const { code, envelope, all } = await run(...args);
  expect(code, all).toBe(0);
  return (envelope.ok ? envelope.data : {}) as unknown as Up;
}

/** Programs that stand for the project's containers, and for the databases that they lead to. */
function containers(): readonly string[] {
  const base = containerBase(join(project.folder, ".supercargo", "sandbox", "docker"));
  return listProcesses()
    .map(({ command: line }) => line)
    .filter((line) => line.includes(base));
}

test("an app on a container host uses a database and a kv at Neon, which no agent removes", {
  timeout: WHOLE_MS,
}, async () => {
  const { urls } = await command("up");
  const address = urls.find(({ resource }) => resource === "web")?.local ?? "";
  const visit = async () => JSON.parse((await visitApp(address)).body) as unknown;
  expect(await visit()).toEqual({ orders: 1, visits: 1 });
  const services = async () => {
    const { serviceInstances } = await readBooks(project.folder);
    return serviceInstances.map(({ provider, service }) => `${provider}/${service}`).toSorted();
  };
  expect(await services()).toEqual(["neon/free", "neon/postgres", "neon/postgres"]);

  // Nothing more is to be done, and the data outlives the programs.
  expect((await command("up")).changes).toBe(0);
  await runCli(["sandbox", "stop"], { cwd: project.folder });
  expect(containers()).toEqual([]);
  await command("up");
  expect(await visit()).toEqual({ orders: 2, visits: 2 });

  const file = join(project.folder, "supercargo.yaml");
  const before = readFileSync(file, "utf8");
  const without = before.replace(/ {2}visits: .*\n/, "").replace(", VISITS: visits", "");
  writeFileSync(file, without);
  const refused = await run("up");
  expect(refused.code, refused.all).toBe(1);
  expect(refused.envelope).toMatchObject({
    error: { code: "not-allowed" },
    diagnostics: expect.arrayContaining([
      expect.objectContaining({ code: "SC4017", message: expect.stringContaining("`visits`") }),
    ]),
  });
  writeFileSync(file, before);
  expect(await visit()).toEqual({ orders: 3, visits: 3 });

  expectNoLeaks();
  await command("destroy", "--yes");
  expect(containers()).toEqual([]);
});

/** What leads to the databases is nowhere but at the provider and in the environment of the app. */
function expectNoLeaks(): void {
  const minted = readFileSync(
    join(project.folder, ".supercargo/sandbox/minted-secrets.jsonl"),
    "utf8",
  );
  const secrets = minted
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly kind: string; readonly value: string })
    .filter(({ kind }) => kind === "neon/postgres password" || kind === "database administrator");
  expect(secrets).toHaveLength(4);
  const texts = readTree(project.folder, (path) => path.includes(".supercargo/sandbox/"));
  texts.set("output", printed);
  expect(texts.size).toBeGreaterThan(10);
  const values = secrets.map(({ value }) => value);
  expect(findLeaks(texts, values)).toEqual([]);
}
