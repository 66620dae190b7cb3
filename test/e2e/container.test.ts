import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { containerBase } from "../../src/sandbox/docker/container-base.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { findLeaks, readTree } from "../leaks/find-leaks.ts";
import { listProcesses } from "../support/list-processes.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

interface Up {
  readonly urls: readonly { readonly resource: string; readonly local: string }[];
  readonly changes: number;
}

const WHOLE_MS = 600_000;
let project: Project;
let printed = "";
beforeAll(() => {
  project = makeProject("container", join(import.meta.dirname, "fixtures"));
});
afterAll(() => project.remove());

async function command(...args: readonly string[]) {
  const run = await runCli([...args, "--json"], { cwd: project.folder });
  printed += run.stdout + run.stderr;
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const envelope = readEnvelope(run.stdout);
  return (envelope.ok ? envelope.data : {}) as unknown as Up;
}

/** Programs that stand for the project's containers. */
function containers(): readonly string[] {
  const base = containerBase(join(project.folder, ".supercargo", "sandbox", "docker"));
  return listProcesses()
    .map(({ command: line }) => line)
    .filter((line) => line.includes(base));
}

test("a stack on a container host goes up, keeps its data, hides its secrets and leaves nothing", {
  timeout: WHOLE_MS,
}, async () => {
  const { urls } = await command("up");
  expect(containers().length).toBeGreaterThan(0);
  const address = (name: string) => urls.find(({ resource }) => resource === name)?.local ?? "";
  const visit = async () => JSON.parse((await visitApp(address("web"))).body) as unknown;
  const first = { greeting: "hello", key: 43, visits: 1, orders: 1, cache: 1 };
  expect(await visit()).toEqual({ ...first, object: "visit 1", administrator: false });
  expect((await visitApp(address("help"))).body).toBe("<h1>Help</h1>\n");

  // Nothing more is to be done, and a restart of the sandbox brings all of it back.
  expect((await command("up")).changes).toBe(0);
  await runCli(["sandbox", "stop"], { cwd: project.folder });
  expect(containers()).toEqual([]);
  await command("up");
  const second = { ...first, visits: 2, orders: 2, cache: 2, object: "visit 2" };
  expect(await visit()).toEqual({ ...second, administrator: false });

  // New code replaces the app's container and no data.
  const manifest = join(project.folder, "supercargo.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("hello", "good day"));
  expect((await command("up")).changes).toBe(1);
  expect(await visit()).toMatchObject({ greeting: "good day", visits: 3, orders: 3 });

  await expectNoLeaks(address("web"));
  await command("destroy", "--yes");
  expect(containers()).toEqual([]);
  expect((await visitApp(address("web"))).status).toBe(404);
});

async function expectNoLeaks(address: string): Promise<void> {
  const env = JSON.parse((await visitApp(`${address}env`)).body) as Record<string, string>;
  const urls = [env.ORDERS, env.CACHE, env.MEDIA].map((url) => new URL(url ?? ""));
  const secrets = [env.KEY, ...urls.map(({ password }) => password), urls[2]?.username].filter(
    (secret) => secret !== undefined,
  );
  expect(secrets).toHaveLength(5);
  // The host's own files are the containers' and their data.
  const texts = readTree(project.folder, (path) => path.includes("sandbox/docker/containers/"));
  texts.set("output", printed);
  expect(findLeaks(texts, secrets)).toEqual([]);
}
