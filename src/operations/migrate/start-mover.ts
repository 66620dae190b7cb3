import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallDocker } from "../../deploy/stand-in-plugin/docker/docker-api.ts";
import { writeTar } from "../../deploy/stand-in-plugin/docker/write-tar.ts";
import type { ItemTarget } from "../../migration/sync-items.ts";
import type { SqlTarget } from "../../migration/sync-sqlite.ts";
import { listAt, memberAt } from "../../util/json-access.ts";

/** A program beside an app that writes into the app's bindings. */
export interface Mover {
  /** The SQLite database that the app finds in a variable. */
  database(variable: string): SqlTarget;
  /** The bucket or key-value store that it finds there. */
  items(variable: string): ItemTarget;
  remove(): Promise<void>;
}

const FILE = "mover.mjs";
const READY_MS = 30_000;
const TIMEOUT_MS = 60_000;

/**
 * Starts the mover of an app: a container of its own with the app's image, environment, volumes and networks, so that it reaches what the app reaches, as the app's own role, and
 * nothing else. It listens on the host's loopback address and takes orders with a token made for this start. That stands in the container's environment as the app's own secrets do: whoever
 * may inspect containers on the host can read both. A mover that was left is replaced.
 */
export async function startMover(
  call: CallDocker,
  app: string,
  program: Uint8Array,
): Promise<Mover> {
  const about = await call({ method: "GET", path: `/containers/${encodeURIComponent(app)}/json` });
  const config = memberAt(about, "Config");
  const networks = Object.keys(
    (memberAt(memberAt(about, "NetworkSettings"), "Networks") ?? {}) as object,
  );
  const token = randomBytes(32).toString("base64url");
  // With a dot, which no resource's name has, so that it is never an app's own.
  const name = `${app}.mover`;
  const path = `/containers/${encodeURIComponent(name)}`;
  const remove = () => removeContainer(call, path);
  await remove();
  await call({
    method: "POST",
    path: `/containers/create?name=${encodeURIComponent(name)}`,
    body: {
      Image: memberAt(config, "Image"),
      Cmd: ["node", `/app/${FILE}`],
      Env: [...(listAt(config, "Env") ?? []), `SUPERCARGO_MOVER_TOKEN=${token}`],
      ExposedPorts: { "8080/tcp": {} },
      HostConfig: {
        Binds: memberAt(memberAt(about, "HostConfig"), "Binds"),
        PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges"],
      },
      NetworkingConfig: {
        EndpointsConfig: Object.fromEntries(networks.map((network) => [network, {}])),
      },
    },
  });
  const order = await beginOrders(call, { path, token, program }).catch(async (error: unknown) => {
    await remove().catch(() => undefined);
    throw error;
  });
  return {
    database: (binding) => ({
      query: async (sql) =>
        (await order({ binding, act: "query" }, sql)) as readonly Readonly<
          Record<string, unknown>
        >[],
      run: async (statements) =>
        void (await order({ binding, act: "run" }, JSON.stringify(statements))),
    }),
    items: (binding) => ({
      list: async () => (await order({ binding, act: "list" })) as readonly string[],
      digests: async () =>
        new Map((await order({ binding, act: "digests" })) as readonly [string, string][]),
      put: async (key, { bytes, meta }) =>
        void (await order({ binding, act: "put", key, meta }, bytes)),
      remove: async (key) => void (await order({ binding, act: "remove", key })),
    }),
    remove,
  };
}

/** Brings the program into the new container and waits until it takes orders. */
async function beginOrders(
  call: CallDocker,
  {
    path,
    token,
    program,
  }: { readonly path: string; readonly token: string; readonly program: Uint8Array },
): Promise<Order> {
  const tar = writeTar([{ path: `app/${FILE}`, content: program }]);
  await call({ method: "PUT", path: `${path}/archive?path=/`, tar });
  await call({ method: "POST", path: `${path}/start` });
  const order = createOrder(await findAddress(call, path), token);
  await waitUntilReady(order);
  return order;
}

/** Removes a container, whether it runs or not; one that is not there is no error. */
async function removeContainer(call: CallDocker, path: string): Promise<void> {
  await call({ method: "DELETE", path: `${path}?force=true` }).catch((error: unknown) => {
    if (memberAt(error, "status") !== 404) throw error;
  });
}

async function findAddress(call: CallDocker, path: string): Promise<string> {
  const about = await call({ method: "GET", path: `${path}/json` });
  const ports = memberAt(memberAt(about, "NetworkSettings"), "Ports");
  const [port] = listAt(ports, "8080/tcp") ?? [];
  return `http://127.0.0.1:${memberAt(port, "HostPort")}`;
}

type Order = (
  query: Readonly<Record<string, string>>,
  body?: string | Uint8Array,
) => Promise<unknown>;

function createOrder(address: string, token: string): Order {
  return async (query, body = "") => {
    const answer = await fetch(`${address}/?${new URLSearchParams(query)}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === "string" ? body : new Uint8Array(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the mover answered ${answer.status} to ${query.act}`);
    return answer.json();
  };
}

async function waitUntilReady(order: Order): Promise<void> {
  const end = performance.now() + READY_MS;
  for (;;) {
    const state = await order({ binding: "", act: "" }).then(
      () => "ready",
      (error: Error) => (/answered 500/.test(error.message) ? "ready" : "starting"),
    );
    if (state === "ready") return;
    if (performance.now() > end) throw new Error("the mover did not start in time");
    await sleep(100);
  }
}
