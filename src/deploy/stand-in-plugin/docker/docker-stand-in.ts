import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../property-names.ts";
import { checkArguments, readArgumentTypes } from "../read-argument-types.ts";
import type { Operations, StandIn } from "../stand-in.ts";
import { CONTAINER_SPEC } from "./container-spec.ts";
import { type CallDocker, createDockerApi, DockerError } from "./docker-api.ts";
import type { DockerSpec } from "./docker-spec.ts";
import { IMAGE_SPEC, NETWORK_SPEC, VOLUME_SPEC } from "./simple-specs.ts";

const SPECS: Readonly<Record<string, DockerSpec>> = {
  "docker:index/container:Container": CONTAINER_SPEC,
  "docker:index/network:Network": NETWORK_SPEC,
  "docker:index/remoteImage:RemoteImage": IMAGE_SPEC,
  "docker:index/volume:Volume": VOLUME_SPEC,
};

/**
 * Plays `pulumi-resource-docker` for networks, volumes, images and containers, against any Docker Engine API. Unlike the real plugin it has no host of its own to fall back
 * on: without `host` or `DOCKER_HOST` it refuses, so that nothing is ever started where nobody said so.
 */
export function createDockerStandIn(version: string): StandIn {
  return {
    name: "docker",
    version,
    check(type, inputs) {
      findSpec(type);
      return checkArguments(readArgumentTypes(type), inputs);
    },
    diff(type, olds, news) {
      findSpec(type);
      const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
      const changed = names.filter((name) => !isDeepStrictEqual(olds[name], news[name])).sort();
      // Each has the name that the stack gave it, and two cannot have it.
      return { changed, replaces: changed, deleteFirst: true };
    },
    configure(args) {
      const host = typeof args.host === "string" ? args.host : process.env.DOCKER_HOST;
      return host === undefined || host === ""
        ? undefined
        : createOperations(createDockerApi(host, findTlsWish(args)));
    },
    needs: "the provider needs a host: set DOCKER_HOST",
  };
}

/** What of the provider's arguments or the environment asks for TLS (https://docs.docker.com/reference/cli/docker/#environment-variables). */
function findTlsWish(args: Properties): string | undefined {
  const ofArgs = ["certPath", "caMaterial", "certMaterial", "keyMaterial"].find(
    (name) => args[name] !== undefined && args[name] !== "",
  );
  const ofEnv = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"].find(
    (name) => (process.env[name] ?? "") !== "",
  );
  return ofEnv ?? ofArgs;
}

function createOperations(call: CallDocker): Operations {
  return {
    async create(type, inputs, isRepeated) {
      const { id, outs } = await findSpec(type).create(call, inputs, isRepeated);
      return { id, outs: { ...inputs, ...outs } };
    },
    async read(type, id, state, inputs) {
      try {
        const isThere = await findSpec(type).read(call, id, inputs);
        return isThere ? { state, inputs } : undefined;
      } catch (error) {
        if (error instanceof DockerError && error.status === 404) return undefined;
        throw error;
      }
    },
    update: async (type) => {
      throw new Error(`${type} cannot change in place`);
    },
    remove: (type, id, state: Properties) => findSpec(type).remove(call, id, state),
  };
}

function findSpec(type: string): DockerSpec {
  const spec = SPECS[type];
  if (spec === undefined)
    throw new Error(`the stand-in plugin does not serve ${type}; install the real plugin`);
  return spec;
}
