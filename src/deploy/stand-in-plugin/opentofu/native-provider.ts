import type { PluginProvider } from "../../../tfplugin/plugin-provider.ts";
import type { ApiConfig } from "../cloudflare-api.ts";
import { toSnakeCase } from "../property-names.ts";
import { SPECS } from "../specs/index.ts";
import { NATIVE_ATTRIBUTES } from "./native-attributes.ts";
import { createNativeResource, type NativeContext } from "./native-resource.ts";
import { isAmong, type Unfinished } from "./unfinished.ts";

/** The provider `cloudflare` of OpenTofu for machines that cannot download the real one. `unfinished`: what a run that died may have made. */
export function createNativeProvider(unfinished: readonly Unfinished[]): PluginProvider {
  let config: ApiConfig | undefined;
  const context: NativeContext = {
    readConfig() {
      if (config === undefined)
        throw new Error(
          "the provider needs api_token and base_url; the stack's access token gives both",
        );
      return config;
    },
    isUnfinished: (type, planned) => isAmong(unfinished, { type, planned }),
  };
  const resources = [...SPECS.values()].map((spec) => {
    const type = `cloudflare_${toSnakeCase(spec.token.slice(0, spec.token.indexOf(":")))}`;
    const attributes = NATIVE_ATTRIBUTES[type];
    if (attributes === undefined) throw new Error(`no attributes for ${type}`);
    return [type, createNativeResource(type, spec, attributes, context)] as const;
  });
  return {
    config: {
      api_token: { type: "string", mode: "optional", sensitive: true },
      base_url: { type: "string", mode: "optional" },
    },
    configure({ api_token, base_url }) {
      if (typeof api_token !== "string" || typeof base_url !== "string") return;
      config = { apiToken: api_token, baseUrl: base_url.replace(/\/+$/, "") };
    },
    resources: new Map(resources),
  };
}
