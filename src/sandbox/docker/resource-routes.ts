import type { SandboxContext } from "../context.ts";
import type { ContainerHost } from "./container-host.ts";
import { isDockerName, refuseName } from "./docker-name.ts";
import { type DockerRoute, json, missing, refuse } from "./docker-route.ts";

/** Networks and volumes. */
export function storageRoutes(
  context: SandboxContext,
  host: ContainerHost,
): readonly DockerRoute[] {
  const { networks, volumes, containers } = host.records;
  return [
    [
      "POST",
      /^\/networks\/create$/,
      ({ body }) => {
        const { Name: name } = json(body);
        if (!isDockerName(name)) return refuseName("network", name);
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
        if (!isDockerName(name)) return refuseName("volume", name);
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
        if (!isDockerName(key)) return refuseName("volume", key);
        if (volumes.get(key) === undefined) return missing("volume", key);
        if (containers.list().some(({ mounts }) => mounts.some(({ volume }) => volume === key)))
          return refuse(409, `volume ${key} is in use`);
        host.removeVolume(key);
        return { status: 204 };
      },
    ],
  ];
}

/** Images, of which there are those that something stands for. */
export function imageRoutes(context: SandboxContext, host: ContainerHost): readonly DockerRoute[] {
  const { images } = host.records;
  return [
    [
      "POST",
      /^\/images\/create$/,
      ({ query }) => {
        const tag = query.get("tag") ?? "latest";
        if (!/^\w[\w.-]{0,127}$/.test(tag)) return refuse(400, "invalid tag format");
        const name = `${query.get("fromImage")}:${tag}`;
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
  ];
}
