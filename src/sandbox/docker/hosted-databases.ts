import pg from "pg";
import type { SandboxContext } from "../context.ts";
import { resourceHost } from "../providers/resource-host.ts";
import { isLive, type ResourceRecord } from "../providers/resource-record.ts";
import type { ContainerRecord, DockerRecords } from "./docker-records.ts";
import { findHostedDatabases, type HostedDatabase } from "./find-hosted-databases.ts";
import type { RunningProgram } from "./program.ts";

/** Databases of providers, each a real server that stands beside the containers which lead to it, under the host of its address. */
export interface HostedDatabases {
  /** Has what a container's environment leads to answer on its networks. Gives the environment back without TLS, which plain processes of one machine don't speak. */
  reach(container: ContainerRecord, env: string): Promise<string>;
  /** Takes away servers to which no container leads any more, and the data of what is gone at its provider. */
  prune(): Promise<void>;
}

/** What a database keeps beside its data. Collection `docker-hosted`, by host. */
interface HostedRecord {
  readonly host: string;
  /** The administrator's. */
  readonly sealedPassword: string;
}

const VOLUME_PATH = "/var/lib/postgresql";

export function openHostedDatabases(input: {
  readonly context: SandboxContext;
  readonly records: DockerRecords;
  /** Starts a container that does not run yet. */
  readonly run: (container: ContainerRecord) => Promise<RunningProgram>;
  readonly remove: (id: string) => Promise<void>;
  readonly removeVolume: (name: string) => void;
}): HostedDatabases {
  const { context, records, run, remove, removeVolume } = input;
  const hosted = context.store.collection<HostedRecord>("docker-hosted");
  const opening = new Map<string, Promise<void>>();

  const open = async ({ host, address }: HostedDatabase, networks: readonly string[]) => {
    const { pathname, username, password } = new URL(address);
    const database = pathname.slice(1);
    const own = hosted.get(host) ?? {
      host,
      sealedPassword: context.seal(context.mintSecret("database administrator")),
    };
    hosted.put(host, own);
    const administrator = context.unseal(own.sealedPassword);
    const env = [`POSTGRES_DB=${database}`, `POSTGRES_PASSWORD=${administrator}`];
    const known = records.containers.list().find(({ name }) => name === host);
    const container: ContainerRecord = {
      ...(known ?? describeServer(context, host)),
      sealedEnv: context.seal(JSON.stringify(env)),
      networks: [...new Set([...(known?.networks ?? []), ...networks])],
      isWanted: true,
    };
    records.containers.put(container.id, container);
    await (await run(container)).ready;
    const port = records.ports.get(host)?.port;
    const server = { host: "127.0.0.1", port, user: "postgres", password: administrator, database };
    await admit(server, username, password);
  };

  const leadsTo = (host: string) =>
    records.containers
      .list()
      .some(({ sealedEnv }) => context.unseal(sealedEnv).includes(`@${host}:`));

  return {
    async reach({ networks }, env) {
      let text = env;
      for (const database of findHostedDatabases(context, env)) {
        const { host, address } = database;
        const turn = (opening.get(host) ?? Promise.resolve())
          .catch(() => undefined)
          .then(() => open(database, networks));
        opening.set(host, turn);
        await turn;
        text = text.replaceAll(address, address.replace("sslmode=require", "sslmode=disable"));
      }
      return text;
    },
    async prune() {
      const live = new Set(
        context.store
          .collection<ResourceRecord>("resources")
          .list()
          .filter(isLive)
          .map(({ provider, id }) => resourceHost(provider, id)),
      );
      for (const { host } of hosted.list()) {
        const server = records.containers.list().find(({ name }) => name === host);
        if (server !== undefined && !leadsTo(host)) await remove(server.id);
        if (live.has(host) || leadsTo(host)) continue;
        removeVolume(host);
        hosted.delete(host);
      }
    },
  };
}

function describeServer(
  context: Pick<SandboxContext, "random" | "now">,
  host: string,
): Omit<ContainerRecord, "sealedEnv" | "networks" | "isWanted"> {
  return {
    id: context.random(32),
    name: host,
    image: "postgres:18",
    command: [],
    mounts: [{ volume: host, path: VOLUME_PATH }],
    restarts: true,
    hasHealthcheck: false,
    exitCode: null,
    createdAt: new Date(context.now()).toISOString(),
  };
}

/** Makes the database one user's, whose credentials count; whoever had others before them is out. */
async function admit(server: pg.ClientConfig, user: string, password: string): Promise<void> {
  const client = new pg.Client(server);
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ readonly rolname: string }>(
      "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper",
    );
    const names = rows.map(({ rolname }) => rolname);
    const own = client.escapeIdentifier(user);
    if (!names.includes(user)) await client.query(`CREATE ROLE ${own} LOGIN`);
    await client.query(`ALTER ROLE ${own} PASSWORD ${client.escapeLiteral(password)}`);
    await client.query(
      `ALTER DATABASE ${client.escapeIdentifier(`${server.database}`)} OWNER TO ${own}`,
    );
    await client.query(`ALTER SCHEMA public OWNER TO ${own}`);
    for (const name of names.filter((one) => one !== user)) {
      const former = client.escapeIdentifier(name);
      await client.query(`REASSIGN OWNED BY ${former} TO ${own}`);
      await client.query(`DROP OWNED BY ${former}`);
      await client.query(`DROP ROLE ${former}`);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}
