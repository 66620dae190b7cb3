import {
  isProperties,
  type Properties,
  readText,
  renameKeys,
  toSnakeCase,
} from "../property-names.ts";
import { makeOnce } from "./make-once.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";
import { readId } from "./read-id.ts";

/** https://open-api.netlify.com/#tag/site */
export const SITE_SPEC: NetlifySpec = {
  async create(config, inputs, isRepeated) {
    const { answer, isFound } = await makeOnce(config, isRepeated, {
      path: "/sites",
      body: toBody(inputs),
      find: () => findSite(config, readText(inputs, "name")),
    });
    const id = readId(answer, "the new site");
    if (isFound) await patch(config, id, inputs);
    return id;
  },
  async read(config, id, inputs) {
    const site = await callNetlify(config, { method: "GET", path: `/sites/${id}` });
    if (!isProperties(site)) throw new Error("the answer about the site is none");
    const { customDomain: _, domainAliases = [], ...rest } = inputs;
    const seen: readonly unknown[] = Array.isArray(site.domain_aliases) ? site.domain_aliases : [];
    // Netlify adds hosts of its own accord, so only those that are missing are a difference.
    const aliases = (domainAliases as readonly unknown[]).filter((alias) => seen.includes(alias));
    return {
      ...rest,
      ...(typeof site.name === "string" && { name: site.name }),
      ...(typeof site.custom_domain === "string" &&
        site.custom_domain !== "" && { customDomain: site.custom_domain }),
      ...(aliases.length > 0 && { domainAliases: aliases }),
    };
  },
  update: patch,
  async remove(config, id) {
    await callNetlify(config, { method: "DELETE", path: `/sites/${id}` });
  },
};

async function patch(config: NetlifyConfig, id: string, inputs: Properties): Promise<void> {
  await callNetlify(config, { method: "PATCH", path: `/sites/${id}`, body: toBody(inputs) });
}

/** Hosts that are not named are taken away. */
function toBody(inputs: Properties): unknown {
  const { customDomain = null, domainAliases = [] } = inputs;
  return renameKeys({ ...inputs, customDomain, domainAliases }, toSnakeCase);
}

async function findSite(config: NetlifyConfig, name: string): Promise<unknown> {
  const path = `/sites?name=${encodeURIComponent(name)}&filter=all`;
  const listed = await callNetlify(config, { method: "GET", path });
  const sites = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  return sites.find((site) => isProperties(site) && site.name === name);
}
