import { type CallDocker, DockerError } from "./docker-api.ts";
import type { DockerSpec } from "./docker-spec.ts";

export const NETWORK_SPEC: DockerSpec = {
  async create(call, { name, driver }, isRepeated) {
    const Driver = driver ?? "bridge";
    const found = isRepeated
      ? await find(call, `/networks/${encodeURIComponent(String(name))}`)
      : undefined;
    const { Id } = (found ??
      (await call({ method: "POST", path: "/networks/create", body: { Name: name, Driver } }))) as {
      readonly Id: string;
    };
    return { id: Id, outs: { driver: Driver } };
  },
  async read(call, id) {
    await call({ method: "GET", path: `/networks/${id}` });
    return true;
  },
  remove: (call, id) => removeAt(call, `/networks/${id}`),
};

/** Creating a volume that is there already is no error (Docker Engine API, `VolumeCreate`). */
export const VOLUME_SPEC: DockerSpec = {
  async create(call, { name }) {
    const made = (await call({
      method: "POST",
      path: "/volumes/create",
      body: { Name: name },
    })) as Readonly<Record<"Name" | "Driver" | "Mountpoint", string>>;
    return { id: made.Name, outs: { driver: made.Driver, mountpoint: made.Mountpoint } };
  },
  async read(call, id) {
    await call({ method: "GET", path: `/volumes/${encodeURIComponent(id)}` });
    return true;
  },
  remove: (call, id) => removeAt(call, `/volumes/${encodeURIComponent(id)}`),
};

export const IMAGE_SPEC: DockerSpec = {
  async create(call, inputs) {
    const name = String(inputs.name);
    const colon = name.lastIndexOf(":");
    const [image, tag] =
      colon > name.lastIndexOf("/")
        ? [name.slice(0, colon), name.slice(colon + 1)]
        : [name, "latest"];
    await call({
      method: "POST",
      path: `/images/create?fromImage=${encodeURIComponent(image)}&tag=${encodeURIComponent(tag)}`,
    });
    const { Id } = (await call({ method: "GET", path: `/images/${name}/json` })) as {
      readonly Id: string;
    };
    return { id: `${Id}${name}`, outs: { imageId: Id } };
  },
  async read(call, _id, { name }) {
    await call({ method: "GET", path: `/images/${name}/json` });
    return true;
  },
  async remove(call, _id, { name, keepLocally }) {
    if (keepLocally !== true) await removeAt(call, `/images/${name}`);
  },
};

async function find(call: CallDocker, path: string): Promise<unknown> {
  try {
    return await call({ method: "GET", path });
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return undefined;
    throw error;
  }
}

async function removeAt(call: CallDocker, path: string): Promise<void> {
  try {
    await call({ method: "DELETE", path });
  } catch (error) {
    if (!(error instanceof DockerError && error.status === 404)) throw error;
  }
}
