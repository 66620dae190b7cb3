import type { SandboxContext } from "../context.ts";
import type { ContainerHost } from "./container-host.ts";
import { readTar } from "./read-tar.ts";

/** A request to the Docker Engine API. */
export interface DockerRequest {
  readonly method: string;
  /** Without the version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Status and JSON. */
export interface DockerAnswer {
  readonly status: number;
  readonly body?: unknown;
}

type Handle = (
  request: DockerRequest,
  ...parts: readonly string[]
) => Promise<DockerAnswer> | DockerAnswer;

const refuse = (status: number, message: string): DockerAnswer => ({ status, body: { message } });
const missing = (what: string, name: string) => refuse(404, `No such ${what}: ${name}`);

/** The part of the Docker Engine API (v1.47) that networks, volumes, images and containers need. */
export function createDockerRoutes(
  context: SandboxContext,
  host: ContainerHost,
): (request: DockerRequest) => Promise<DockerAnswer> {
  const { networks, volumes, images, containers } = host.records;
  const findContainer = (key: string) =>
    containers.get(key) ?? containers.list().find(({ name }) => name === key);
  const withContainer = async (
    key: string,
    work: (id: string) => Promise<DockerAnswer> | DockerAnswer,
  ): Promise<DockerAnswer> => {
    const found = findContainer(key);
    return found === undefined ? missing("container", key) : work(found.id);
  };

  const routes: readonly (readonly [string, RegExp, Handle])[] = [
    ["GET", /^\/_ping$/, () => ({ status: 200 })],
    [
      "GET",
      /^\/version$/,
      () => ({ status: 200, body: { ApiVersion: "1.47", Version: "sandbox" } }),
    ],
    [
      "POST",
      /^\/networks\/create$/,
      ({ body }) => {
        const { Name: name } = json(body);
        if (typeof name !== "string") return refuse(400, "a network needs a name");
        if (networks.list().some((one) => one.name === name))
          return refuse(409, `network with name ${name} already exists`);
        const id = context.random(32);
        networks.put(id, { id, name });
        return { status: 201, body: { Id: id } };
      },
    ],
    [
      "GET",
      /^\/networks\/([^/]+)$/,
      (_, key = "") => {
        const found = networks.get(key) ?? networks.list().find(({ name }) => name === key);
        return found === undefined
          ? missing("network", key)
          : { status: 200, body: { Id: found.id, Name: found.name, Driver: "bridge" } };
      },
    ],
    [
      "DELETE",
      /^\/networks\/([^/]+)$/,
      (_, key = "") => {
        const found = networks.get(key);
        if (found === undefined) return missing("network", key);
        if (containers.list().some((one) => one.networks.includes(found.name)))
          return refuse(403, `network ${found.name} has active endpoints`);
        networks.delete(key);
        return { status: 204 };
      },
    ],
    [
      "POST",
      /^\/volumes\/create$/,
      ({ body }) => {
        const { Name: name } = json(body);
        if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(name))
          return refuse(400, "a volume needs a name");
        volumes.put(name, { id: name, name });
        return {
          status: 201,
          body: {
            Name: name,
            Driver: "local",
            Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
          },
        };
      },
    ],
    [
      "GET",
      /^\/volumes\/([^/]+)$/,
      (_, key = "") =>
        volumes.get(key) ? { status: 200, body: { Name: key } } : missing("volume", key),
    ],
    [
      "DELETE",
      /^\/volumes\/([^/]+)$/,
      (_, key = "") => {
        if (volumes.get(key) === undefined) return missing("volume", key);
        if (containers.list().some(({ mounts }) => mounts.some(({ volume }) => volume === key)))
          return refuse(409, `volume ${key} is in use`);
        host.removeVolume(key);
        return { status: 204 };
      },
    ],
    [
      "POST",
      /^\/images\/create$/,
      ({ query }) => {
        const name = `${query.get("fromImage")}:${query.get("tag") ?? "latest"}`;
        if (!host.serves(name))
          return refuse(404, `the sandbox has nothing that stands for the image ${name}`);
        images.put(name, { id: `sha256:${context.random(32)}`, name });
        return { status: 200, body: { status: "Downloaded" } };
      },
    ],
    [
      "GET",
      /^\/images\/(.+)\/json$/,
      (_, name = "") => {
        const found = images.get(name);
        return found
          ? { status: 200, body: { Id: found.id, RepoTags: [name] } }
          : missing("image", name);
      },
    ],
    [
      "DELETE",
      /^\/images\/(.+)$/,
      (_, name = "") => (images.delete(name) ? { status: 200, body: [] } : missing("image", name)),
    ],
    ["POST", /^\/containers\/create$/, (request) => createContainer(context, host, request)],
    [
      "PUT",
      /^\/containers\/([^/]+)\/archive$/,
      ({ body }, key = "") =>
        withContainer(key, (id) => {
          host.fill(id, readTar(body));
          return { status: 200 };
        }),
    ],
    [
      "POST",
      /^\/containers\/([^/]+)\/start$/,
      (_, key = "") =>
        withContainer(key, async (id) => {
          await host.start(id);
          return { status: 204 };
        }),
    ],
    [
      "POST",
      /^\/containers\/([^/]+)\/wait$/,
      (_, key = "") =>
        withContainer(key, async (id) => ({
          status: 200,
          body: { StatusCode: await host.wait(id) },
        })),
    ],
    [
      "GET",
      /^\/containers\/([^/]+)\/json$/,
      (_, key = "") =>
        withContainer(key, (id) => {
          const { running, health } = host.state(id);
          const record = containers.get(id);
          const State = {
            Running: running,
            ExitCode: record?.exitCode ?? 0,
            ...(health !== "none" && { Health: { Status: health } }),
          };
          return { status: 200, body: { Id: id, Name: `/${record?.name}`, State } };
        }),
    ],
    [
      "DELETE",
      /^\/containers\/([^/]+)$/,
      ({ query }, key = "") =>
        withContainer(key, async (id) => {
          if (host.state(id).running && query.get("force") !== "true")
            return refuse(409, "the container is running: stop it or use force");
          await host.remove(id);
          return { status: 204 };
        }),
    ],
  ];

  return async (request) => {
    for (const [method, pattern, handle] of routes) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match !== null) return handle(request, ...match.slice(1).map(decodeURIComponent));
    }
    return refuse(404, "the sandbox does not serve this call");
  };
}

function createContainer(
  context: SandboxContext,
  host: ContainerHost,
  { query, body }: DockerRequest,
): DockerAnswer {
  const { containers, networks, volumes, images } = host.records;
  const name = query.get("name") ?? "";
  const wish = json(body) as ContainerWish;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(name)) return refuse(400, "invalid container name");
  if (containers.list().some((one) => one.name === name))
    return refuse(409, `the container name ${name} is already in use`);
  const image = images.list().find((one) => one.id === wish.Image || one.name === wish.Image);
  if (image === undefined) return missing("image", String(wish.Image));
  const mounts = (wish.HostConfig?.Binds ?? []).map((bind) => {
    const [volume = "", path = ""] = bind.split(":");
    return { volume, path };
  });
  // Docker makes a volume that a container names and that is not there.
  for (const { volume } of mounts) volumes.put(volume, { id: volume, name: volume });
  const wanted = Object.keys(wish.NetworkingConfig?.EndpointsConfig ?? {});
  const unknown = wanted.find((one) => !networks.list().some((network) => network.name === one));
  if (unknown !== undefined) return missing("network", unknown);
  const id = context.random(32);
  containers.put(id, {
    id,
    name,
    image: image.name,
    command: wish.Cmd ?? [],
    sealedEnv: context.seal(JSON.stringify(wish.Env ?? [])),
    mounts,
    networks: wanted,
    restarts: ["always", "unless-stopped"].includes(wish.HostConfig?.RestartPolicy?.Name ?? "no"),
    hasHealthcheck: wish.Healthcheck !== undefined,
    isWanted: false,
    exitCode: null,
    createdAt: new Date(context.now()).toISOString(),
  });
  return { status: 201, body: { Id: id, Warnings: [] } };
}

/** The part of the body of `POST /containers/create` that is read. */
interface ContainerWish {
  readonly Image?: string;
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly Healthcheck?: unknown;
  readonly HostConfig?: {
    readonly Binds?: readonly string[];
    readonly RestartPolicy?: { readonly Name?: string };
  };
  readonly NetworkingConfig?: { readonly EndpointsConfig?: Readonly<Record<string, unknown>> };
}

function json(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
