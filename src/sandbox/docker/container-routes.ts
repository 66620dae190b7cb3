import type { SandboxContext } from "../context.ts";
import type { ContainerHost } from "./container-host.ts";
import { isDockerName, refuseName } from "./docker-name.ts";
import {
  type DockerAnswer,
  type DockerRequest,
  type DockerRoute,
  json,
  missing,
  refuse,
} from "./docker-route.ts";
import { type MountWish, readMounts } from "./read-mounts.ts";
import { readTar } from "./read-tar.ts";

/** Containers, from their creation to their end. */
export function containerRoutes(
  context: SandboxContext,
  host: ContainerHost,
): readonly DockerRoute[] {
  const { containers } = host.records;
  const findContainer = (key: string) =>
    containers.get(key) ?? containers.list().find(({ name }) => name === key);
  const withContainer = async (
    key: string,
    work: (id: string) => Promise<DockerAnswer> | DockerAnswer,
  ): Promise<DockerAnswer> => {
    const found = findContainer(key);
    return found === undefined ? missing("container", key) : work(found.id);
  };

  return [
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
      /^\/containers\/([^/]+)\/stop$/,
      (_, key = "") =>
        withContainer(key, async (id) => {
          if (!host.state(id).running) return { status: 304 };
          await host.stop(id);
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
        withContainer(key, (id) => ({ status: 200, body: inspectContainer(context, host, id) })),
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
}

/** `GET /containers/{id}/json`, as far as it is read. Whoever reaches the socket may see the environment, as with Docker. */
function inspectContainer(context: SandboxContext, host: ContainerHost, id: string): object {
  const { containers, ports } = host.records;
  const { running, health } = host.state(id);
  const record = containers.get(id);
  const State = {
    Running: running,
    ExitCode: record?.exitCode ?? 0,
    ...(health !== "none" && { Health: { Status: health } }),
  };
  if (record === undefined) return { Id: id, State };
  const { name, image, command, sealedEnv, mounts, networks } = record;
  const HostPort = String(ports.get(name)?.port ?? "");
  return {
    Id: id,
    Name: `/${name}`,
    State,
    Config: { Image: image, Cmd: command, Env: JSON.parse(context.unseal(sealedEnv)) as unknown },
    HostConfig: { Binds: mounts.map(({ volume, path }) => `${volume}:${path}`) },
    NetworkSettings: {
      Networks: Object.fromEntries(networks.map((network) => [network, {}])),
      // Every container has its one port on this machine, whether it asked for that or not.
      Ports: running ? { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort }] } : {},
    },
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
  if (!isDockerName(name)) return refuseName("container", name);
  if (containers.list().some((one) => one.name === name))
    return refuse(409, `the container name ${name} is already in use`);
  const image = images.list().find((one) => one.id === wish.Image || one.name === wish.Image);
  if (image === undefined) return missing("image", String(wish.Image));
  const mounts = readMounts(wish.HostConfig ?? {});
  if ("status" in mounts) return mounts;
  const wanted = Object.keys(wish.NetworkingConfig?.EndpointsConfig ?? {});
  const unknown = wanted.find((one) => !networks.list().some((network) => network.name === one));
  if (unknown !== undefined) return missing("network", unknown);
  // Docker makes a volume that a container names and that is not there.
  for (const { volume } of mounts) volumes.put(volume, { id: volume, name: volume });
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
  readonly HostConfig?: MountWish & { readonly RestartPolicy?: { readonly Name?: string } };
  readonly NetworkingConfig?: { readonly EndpointsConfig?: Readonly<Record<string, unknown>> };
}
