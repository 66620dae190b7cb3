import {
  isProperties,
  type Properties,
  readText,
  renameKeys,
  toSnakeCase,
} from "../property-names.ts";
import { chooseAccount } from "./choose-account.ts";
import { makeOnce } from "./make-once.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";

/** https://open-api.netlify.com/#tag/site */
export const SITE_SPEC: NetlifySpec = {
  async create(config, inputs, isRepeated) {
    const account = await chooseAccount(config);
    const path = `/${account}/sites`;
    const { id } = await makeOnce(config, isRepeated, {
      what: "the new site",
      path,
      body: toBody(inputs),
      find: (since) => findSite(config, path, readText(inputs, "name"), since),
    });
    // What a run that died made may be of other inputs.
    if (isRepeated) await patch(config, id, inputs);
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

/**
 * A site of that name, which is one's own only if it was made since then and nothing is published on it: another clone of a project gives its site the same name, and what is
 * taken over is removed with all that it holds one day.
 */
async function findSite(
  config: NetlifyConfig,
  sites: string,
  name: string,
  since: number,
): Promise<unknown> {
  const path = `${sites}?name=${encodeURIComponent(name)}&per_page=100`;
  const listed = await callNetlify(config, { method: "GET", path });
  const site = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).find(
    (one) => isProperties(one) && one.name === name,
  );
  if (!isProperties(site)) return undefined;
  const isNew = Date.parse(String(site.created_at)) >= since;
  if (isNew && !isProperties(site.published_deploy)) return site;
  throw new Error(
    `Netlify has a site ${name} already, and nothing shows that this stack made it; look at it there, and remove it if nobody needs it, or give this stack another name`,
  );
}
