import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../property-names.ts";
import { checkArguments, readArgumentTypes } from "../read-argument-types.ts";
import type { Operations, StandIn } from "../stand-in.ts";
import { BLOB_STORE_SPEC } from "./blob-store-spec.ts";
import { DEPLOY_SPEC } from "./deploy-spec.ts";
import { type NetlifyConfig, NetlifyError } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";
import { SITE_SPEC } from "./site-spec.ts";

const SPECS: Readonly<Record<string, NetlifySpec>> = {
  "netlify:index/blobStore:BlobStore": BLOB_STORE_SPEC,
  "netlify:index/deploy:Deploy": DEPLOY_SPEC,
  "netlify:index/site:Site": SITE_SPEC,
};

const API = "https://api.netlify.com/api/v1";
/** Hosts of this machine, where a token may travel in clear. */
const OWN_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** The provider behind `supercargo/netlify`: no stand-in for another one, because there is none. `env` has `NETLIFY_AUTH_TOKEN`, and `NETLIFY_API_URL` for another place than Netlify's. */
export function createNetlifyProvider(
  version: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): StandIn {
  return {
    name: "netlify",
    version,
    check(type, inputs) {
      findSpec(type);
      return checkArguments(readArgumentTypes(type), inputs);
    },
    diff(type, olds, news) {
      const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
      const changed = names.filter((name) => !isDeepStrictEqual(olds[name], news[name])).sort();
      return { changed, replaces: findSpec(type).update === undefined ? changed : [] };
    },
    configure() {
      const config = readConfig(env);
      return config && createOperations(config);
    },
    needs: "the provider needs a token: set NETLIFY_AUTH_TOKEN",
  };
}

function readConfig(env: Readonly<Record<string, string | undefined>>): NetlifyConfig | undefined {
  const { NETLIFY_AUTH_TOKEN: token = "", NETLIFY_API_URL: given = "" } = env;
  const url = new URL(given === "" ? API : given);
  const isOwn = url.protocol === "http:" && OWN_HOSTS.has(url.hostname);
  if (url.protocol !== "https:" && !isOwn)
    throw new Error("NETLIFY_API_URL is not https, and a token goes nowhere in clear");
  return token === "" ? undefined : { token, baseUrl: url.href.replace(/\/+$/, "") };
}

function createOperations(config: NetlifyConfig): Operations {
  return {
    create: async (type, inputs, isRepeated) => ({
      id: await findSpec(type).create(config, inputs, isRepeated),
      outs: inputs,
    }),
    read: (type, id, _state, inputs) =>
      unlessGone(async () => {
        const seen = await findSpec(type).read(config, id, inputs);
        return { state: seen, inputs: seen };
      }),
    async update(type, id, inputs) {
      const { update } = findSpec(type);
      if (update === undefined) throw new Error(`${type} cannot change in place`);
      await update(config, id, inputs);
      return inputs;
    },
    async remove(type, id, state: Properties) {
      await unlessGone(async () => findSpec(type).remove?.(config, id, state));
    },
  };
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NetlifyError && error.status === 404) return undefined;
    throw error;
  }
}

function findSpec(type: string): NetlifySpec {
  const spec = SPECS[type];
  if (spec === undefined) throw new Error(`the provider has no ${type}`);
  return spec;
}
