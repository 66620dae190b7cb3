import { sha256 } from "../../../util/sha256.ts";
import type { Api } from "../api.ts";
import { isAuthorized } from "../authorize.ts";
import { flag, object, text } from "../body-fields.ts";
import { createZone } from "../create-zone.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { ZoneRecord } from "../zone-records.ts";

const READ = ["Zone Read", "Zone Write"] as const;
const WRITE = ["Zone Write"] as const;

/** Zones (API docs, Zones). */
export function zoneRoutes(api: Api): readonly Route[] {
  const { zones } = api.records;
  const withZone = (work: (zone: ZoneRecord, call: Call) => Response) => (call: Call) =>
    call.zone === undefined ? fail(404, 1001, "Invalid zone identifier") : work(call.zone, call);
  return [
    { method: "GET", path: "/zones", needs: [], handle: (call) => listZones(api, call) },
    { method: "POST", path: "/zones", needs: [], handle: (call) => create(api, call) },
    {
      method: "GET",
      path: "/zones/:zone",
      needs: READ,
      handle: withZone((zone) => succeed(printZone(api, zone))),
    },
    {
      method: "PATCH",
      path: "/zones/:zone",
      needs: WRITE,
      handle: withZone((zone, { body }) => {
        const paused = flag(body, "paused") ?? zone.paused;
        const changed = {
          ...zone,
          paused,
          type: text(body, "type") ?? zone.type,
          modifiedOn: api.timestamp(),
        };
        zones.put(zone.id, changed);
        return succeed(printZone(api, changed));
      }),
    },
    {
      method: "DELETE",
      path: "/zones/:zone",
      needs: WRITE,
      handle: withZone((zone) => remove(api, zone)),
    },
  ];
}

function listZones(api: Api, { caller, url }: Call): Response {
  const { records } = api;
  const wanted = (name: string) => url.searchParams.get(name);
  const visible = records.zones
    .list()
    .filter(({ accountId, id }) =>
      isAuthorized(records, caller, READ, { kind: "zone", accountId, zoneId: id }),
    )
    .filter(({ name }) => wanted("name") === null || name === wanted("name"))
    .filter(({ status }) => wanted("status") === null || status === wanted("status"))
    .filter(({ accountId }) => wanted("account.id") === null || accountId === wanted("account.id"));
  return succeedPage(
    url,
    visible.map((zone) => printZone(api, zone)),
  );
}

function create(api: Api, { caller, body }: Call): Response {
  const { records } = api;
  const accountId = text(object(body, "account"), "id") ?? "";
  if (!isAuthorized(records, caller, WRITE, { kind: "zone", accountId, zoneId: undefined }))
    return fail(403, 10000, "Authentication error");
  const name = (text(body, "name") ?? "").toLowerCase();
  if (!/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(name))
    return fail(400, 1002, `Invalid domain: ${name}`);
  if (records.zones.list().some((zone) => zone.accountId === accountId && zone.name === name))
    return fail(400, 1061, `${name} already exists`);
  const type = text(body, "type") ?? "full";
  const zone = createZone(api, {
    accountId,
    name,
    type,
    paused: flag(body, "paused") ?? false,
    isActive: false,
  });
  return succeed(printZone(api, zone));
}

/** A zone takes its records and routes with it. A domain at our own registrar must keep its zone. */
function remove(api: Api, zone: ZoneRecord): Response {
  const { records, context } = api;
  if (records.registrations.get(zone.name)?.state === "succeeded")
    return fail(400, 1117, "a domain registered with Cloudflare Registrar cannot lose its zone");
  context.store.transaction(() => {
    for (const { id, zoneId } of records.dns.list()) if (zoneId === zone.id) records.dns.delete(id);
    for (const { id, zoneId } of records.routes.list())
      if (zoneId === zone.id) records.routes.delete(id);
    for (const { id, zoneId } of records.customDomains.list())
      if (zoneId === zone.id) records.customDomains.delete(id);
    records.zones.delete(zone.id);
  });
  return succeed({ id: zone.id });
}

const FREE_PLAN = {
  id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
  name: "Free Website",
  price: 0,
  currency: "USD",
  frequency: "",
  is_subscribed: false,
  can_subscribe: false,
  legacy_id: "free",
  legacy_discount: false,
  externally_managed: false,
};

function printZone(api: Api, zone: ZoneRecord): object {
  const account = api.records.accounts.get(`cloudflare/${zone.accountId}`);
  return {
    id: zone.id,
    name: zone.name,
    status: zone.status,
    paused: zone.paused,
    type: zone.type,
    development_mode: 0,
    name_servers: nameServers(zone.name),
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    modified_on: zone.modifiedOn,
    created_on: zone.createdOn,
    activated_on: zone.activatedOn,
    vanity_name_servers: [],
    vanity_name_servers_ips: null,
    meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
    owner: { id: null, type: "user", email: null },
    account: { id: zone.accountId, name: account?.name ?? "" },
    tenant: { id: null, name: null },
    tenant_unit: { id: null },
    permissions: ["#zone:edit", "#zone:read"],
    plan: FREE_PLAN,
  };
}

function nameServers(name: string): readonly string[] {
  const turn = Number.parseInt(sha256(name).slice(0, 2), 16);
  const first = ["ada", "bea", "cleo", "dina"][turn % 4];
  const second = ["bob", "carl", "drew", "eric"][(turn >> 2) % 4];
  return [`${first}.ns.cloudflare.com`, `${second}.ns.cloudflare.com`];
}
