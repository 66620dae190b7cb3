import type { ApiConfig } from "./cloudflare-api.ts";
import {
  createResource,
  diffInputs,
  readResource,
  removeResource,
  updateResource,
} from "./manage-resource.ts";
import type { Properties } from "./property-names.ts";
import type { ResourceSpec } from "./resource-spec.ts";
import { SPECS } from "./specs/index.ts";
import type { Operations, StandIn } from "./stand-in.ts";

/** Plays `pulumi-resource-cloudflare`. There is no default address and no token of the environment: nothing goes out that the stack did not name. */
export function createCloudflareStandIn(version: string): StandIn {
  return {
    name: "cloudflare",
    version,
    check: () => [],
    diff: (type, olds, news) => diffInputs(findSpec(type), olds, news),
    configure(args) {
      const config = readConfig(args);
      return config && createOperations(config);
    },
    needs: "the provider needs apiToken and baseUrl; the stack's access token gives both",
  };
}

function createOperations(config: ApiConfig): Operations {
  return {
    create: (type, inputs, isRepeated) =>
      createResource(findSpec(type), inputs, config, isRepeated),
    read: (type, id, state, inputs) => readResource(findSpec(type), id, state, inputs, config),
    update: (type, id, inputs) => updateResource(findSpec(type), id, inputs, config),
    remove: (type, id, state) => removeResource(findSpec(type), id, state, config),
  };
}

function readConfig({ apiToken, baseUrl }: Properties): ApiConfig | undefined {
  if (typeof apiToken !== "string" || typeof baseUrl !== "string") return undefined;
  return { apiToken, baseUrl: baseUrl.replace(/\/+$/, "") };
}

function findSpec(type: string): ResourceSpec {
  const spec = SPECS.get(type);
  if (spec === undefined)
    throw new Error(`the stand-in plugin does not serve ${type}; install the real plugin`);
  return spec;
}
