import type { Collection, SandboxStore } from "../context.ts";
import { isDockerName } from "./docker-name.ts";

/** A volume at a path of a container. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
}

/** A container as it was asked for, and how it is. Collection `docker-containers`, by id. */
export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  /** `postgres:18`. */
  readonly image: string;
  readonly command: readonly string[];
  /** Sealed JSON list of `NAME=value`, for passwords are in it. */
  readonly sealedEnv: string;
  readonly mounts: readonly Mount[];
  readonly networks: readonly string[];
  /** It is started again when it ends, and with the sandbox. */
  readonly restarts: boolean;
  readonly hasHealthcheck: boolean;
  /** It was started and not stopped. */
  readonly isWanted: boolean;
  readonly exitCode: number | null;
  readonly createdAt: string;
}

export interface NamedRecord {
  readonly id: string;
  readonly name: string;
}

export interface DockerRecords {
  readonly containers: Collection<ContainerRecord>;
  readonly networks: Collection<NamedRecord>;
  readonly volumes: Collection<NamedRecord>;
  readonly images: Collection<NamedRecord>;
  /** By container name: the port of this machine on which it answers, kept so that others find it after it was replaced. */
  readonly ports: Collection<{ readonly port: number }>;
}

/** What is there under a name that could not be given is forgotten, for names become folders. */
export function openDockerRecords(store: SandboxStore): DockerRecords {
  const records: DockerRecords = {
    containers: store.collection("docker-containers"),
    networks: store.collection("docker-networks"),
    volumes: store.collection("docker-volumes"),
    images: store.collection("docker-images"),
    ports: store.collection("docker-ports"),
  };
  const { containers, networks, volumes } = records;
  for (const { id, name, mounts } of containers.list())
    if (![id, name, ...mounts.map(({ volume }) => volume)].every(isDockerName))
      containers.delete(id);
  for (const named of [networks, volumes])
    for (const { id, name } of named.list())
      if (!isDockerName(id) || !isDockerName(name)) named.delete(id);
  return records;
}
