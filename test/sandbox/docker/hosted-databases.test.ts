import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import type { SandboxContext } from "../../../src/sandbox/context.ts";
import { containerBase } from "../../../src/sandbox/docker/container-base.ts";
import {
  type ContainerHost,
  createContainerHost,
} from "../../../src/sandbox/docker/container-host.ts";
import { buildAccess } from "../../../src/sandbox/providers/build-access.ts";
import type { ProviderService } from "../../../src/sandbox/providers/provider-service.ts";
import type { ResourceRecord } from "../../../src/sandbox/providers/resource-record.ts";
import { listProcesses } from "../../support/list-processes.ts";
import { startTestSandbox } from "../core/support/test-sandbox.ts";

const HOST = "res-1.neon.test";
const SERVICE = { provider: "neon", id: "postgres", categories: ["database"] };

interface Place {
  readonly context: SandboxContext;
  readonly host: ContainerHost;
  readonly base: string;
}

async function openPlace(): Promise<Place> {
  const found: { context?: SandboxContext; host?: ContainerHost } = {};
  const sandbox = await startTestSandbox({
    startVendors: async (context) => {
      const host = await createContainerHost(context);
      Object.assign(found, { context, host });
      return [{ handle: async () => undefined, close: () => host.close() }];
    },
  });
  const { context, host } = found;
  if (context === undefined || host === undefined) throw new Error("no vendor was started");
  const base = containerBase(join(sandbox.home, "docker"));
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(base, { recursive: true, force: true });
  });
  return { context, host, base };
}

/** Gives the provider's database credentials, new ones each time, and answers with its address. */
function grant({ context }: Place): string {
  const access = buildAccess(context, SERVICE as unknown as ProviderService, "res_1");
  context.store.collection<ResourceRecord>("resources").put("neon/res_1", {
    ...{ id: "res_1", provider: "neon", accountId: "a", serviceId: "postgres" },
    ...{ kind: "deployable", configuration: {}, orchestratorResourceId: "o", environment: "prod" },
    ...{ createdAt: "", state: "provisioned", readyAt: 0, removedAt: null, generation: 1 },
    sealedAccess: context.seal(JSON.stringify(access)),
  });
  return access.connection_string ?? "";
}

/** Runs a container that has credentials in its environment. */
async function run({ context, host }: Place, id: string, address: string): Promise<void> {
  const env = [`DB=${JSON.stringify({ connection_string: address })}`];
  host.records.containers.put(id, {
    ...{ id, name: id, image: "node:24", command: ["node", "/main.mjs"], mounts: [] },
    ...{ networks: ["net"], restarts: false, hasHealthcheck: false, isWanted: true },
    ...{ exitCode: null, createdAt: "", sealedEnv: context.seal(JSON.stringify(env)) },
  });
  host.fill(id, new Map([["/main.mjs", Buffer.from("setInterval(() => {}, 1000)")]]));
  await host.start(id);
}

/** Asks the database as whoever has the address. */
async function ask({ host }: Place, address: string, query: string): Promise<readonly object[]> {
  const { username, password, pathname } = new URL(address);
  const port = host.records.ports.get(HOST)?.port;
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port, user: username, password, database: pathname.slice(1) },
  });
  await client.connect();
  try {
    return (await client.query<object>(query)).rows;
  } finally {
    await client.end();
  }
}

const serversOf = ({ base }: Place): readonly string[] =>
  listProcesses()
    .map(({ command }) => command)
    .filter((line) => line.includes(join(base, "volumes", HOST)));

it("a provider's database answers while a container leads to it, and to its newest credentials alone", async () => {
  const place = await openPlace();
  const first = grant(place);
  await Promise.all([run(place, "app", first), run(place, "other", first)]);
  expect(serversOf(place).length).toBeGreaterThan(0);
  await ask(place, first, "CREATE TABLE notes AS SELECT 1 AS one");
  await expect(ask(place, first, "CREATE DATABASE another")).rejects.toThrow("permission denied");
  const second = grant(place);
  await run(place, "third", second);
  await expect(ask(place, first, "SELECT 1")).rejects.toThrow("authentication failed");
  expect(await ask(place, second, "INSERT INTO notes VALUES (2) RETURNING one")).toEqual([
    { one: 2 },
  ]);

  for (const id of ["app", "other", "third"]) await place.host.remove(id);
  expect(serversOf(place)).toEqual([]);
  await run(place, "again", second);
  expect(await ask(place, second, "SELECT * FROM notes")).toEqual([{ one: 1 }, { one: 2 }]);
});

it("a database that its provider removed is reached by nobody and leaves nothing", async () => {
  const place = await openPlace();
  const address = grant(place);
  await run(place, "app", address);
  const data = join(place.base, "volumes", HOST);
  expect(existsSync(data)).toBe(true);
  const resources = place.context.store.collection<ResourceRecord>("resources");
  const [resource] = resources.list();
  if (resource !== undefined) resources.put("neon/res_1", { ...resource, state: "removing" });
  await place.host.remove("app");
  expect(existsSync(data)).toBe(false);
  expect(serversOf(place)).toEqual([]);
  await run(place, "late", address);
  expect(serversOf(place)).toEqual([]);
});

it("an address that is no provider's starts nothing", async () => {
  const place = await openPlace();
  grant(place);
  await run(place, "app", `postgresql://user_1:npg_1@${HOST}:5432/main?sslmode=require`);
  expect(serversOf(place)).toEqual([]);
});
