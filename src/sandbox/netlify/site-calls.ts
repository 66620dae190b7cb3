import { type Body, isBody } from "../cloudflare/body-fields.ts";
import { refuseCall } from "./netlify-answer.ts";
import type { AnswerNetlify, NetlifyApi } from "./netlify-api.ts";
import type { SiteRecord } from "./netlify-records.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `createSite`, `listSites`, `getSite`, `updateSite`, `deleteSite` (open-api, `site`). */
export const answerSites: AnswerNetlify = async (api, { method, parts, query, body }) => {
  const [head, id, ...more] = parts;
  if (head !== "sites" || more.length > 0) return undefined;
  const { sites } = api.records;
  if (id === undefined) {
    if (method === "GET") return Response.json(listSites(api, query).map(describe));
    return method === "POST" ? write(api, readBody(body), undefined) : undefined;
  }
  const site = sites.get(id);
  if (site === undefined) return refuseCall(404, "Not Found");
  switch (method) {
    case "GET":
      return Response.json(describe(site));
    case "PATCH":
      return write(api, readBody(body), site);
    case "DELETE":
      await removeSite(api, site);
      return new Response(null, { status: 204 });
    default:
      return undefined;
  }
};

/** All hosts of a site. */
export function hostsOf({ name, customDomain, domainAliases }: SiteRecord): readonly string[] {
  const own = customDomain === null ? [] : [customDomain];
  return [`${name}.netlify.app`, ...own, ...domainAliases];
}

function listSites({ records }: NetlifyApi, query: URLSearchParams): readonly SiteRecord[] {
  const wanted = query.get("name") ?? "";
  return records.sites.list().filter(({ name }) => name.includes(wanted));
}

/** Makes or changes one; what is not said stays. A host is one site's. */
function write(
  { context, records }: NetlifyApi,
  given: Body | undefined,
  before: SiteRecord | undefined,
): Response {
  if (given === undefined) return refuseCall(400, "the body is no object");
  const { name, custom_domain: domain, domain_aliases: aliases, ...settings } = given;
  const site: SiteRecord = {
    id: before?.id ?? context.random(16),
    name: typeof name === "string" ? name : (before?.name ?? `site-${context.random(4)}`),
    customDomain: domain === undefined ? (before?.customDomain ?? null) : readHost(domain),
    domainAliases: Array.isArray(aliases) ? aliases.map(String) : (before?.domainAliases ?? []),
    settings: { ...before?.settings, ...settings },
    published: before?.published ?? null,
    sealedStoreToken:
      before?.sealedStoreToken ?? context.seal(context.mintSecret("netlify store token", "nfs_")),
    createdAt: before?.createdAt ?? new Date(context.now()).toISOString(),
  };
  if (!NAME.test(site.name)) return refuseCall(422, "name is invalid");
  const taken = new Set(
    records.sites
      .list()
      .filter(({ id }) => id !== site.id)
      .flatMap(hostsOf),
  );
  if (hostsOf(site).some((host) => taken.has(host)))
    return refuseCall(422, "name or domain is taken");
  records.sites.put(site.id, site);
  return Response.json(describe(site), { status: before === undefined ? 201 : 200 });
}

function readHost(domain: unknown): string | null {
  return typeof domain === "string" && domain !== "" ? domain : null;
}

async function removeSite({ records, host }: NetlifyApi, { id, published }: SiteRecord) {
  if (published !== null) await host.withdraw(published);
  for (const deploy of records.deploys.list())
    if (deploy.siteId === id) records.deploys.delete(deploy.id);
  for (const blob of records.blobs.list())
    if (blob.id.startsWith(`${id}/`)) records.blobs.delete(blob.id);
  records.sites.delete(id);
}

function describe(site: SiteRecord): object {
  const { id, name, customDomain, domainAliases, settings, published, createdAt } = site;
  return {
    ...settings,
    ...{ id, name, state: "current", created_at: createdAt },
    custom_domain: customDomain,
    domain_aliases: domainAliases,
    ssl_url: `https://${customDomain ?? `${name}.netlify.app`}`,
    published_deploy: published === null ? null : { id: published },
  };
}

function readBody(body: Buffer): Body | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isBody(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
