import type { AccessTokenEntry, DomainEntry, SurfaceBooks } from "../context.ts";
import type { TokenRecord } from "./account-records.ts";
import type { Api } from "./api.ts";
import { readTokenStatus } from "./caller.ts";
import { findPermissionGroup } from "./permission-groups.ts";
import type { Records } from "./records.ts";
import type { RegistrationRecord } from "./zone-records.ts";

/** This vendor's part of the books. */
export function describeBooks(api: Api): SurfaceBooks {
  return {
    accessTokens: api.records.tokens.list().map((token) => describeToken(token, api.context.now())),
    domains: api.records.registrations
      .list()
      .filter(({ state }) => state !== "failed")
      .map(describeDomain),
    inventory: listInventory(api.records),
  };
}

function describeToken(token: TokenRecord, now: number): AccessTokenEntry {
  const groups = token.policies
    .filter(({ effect }) => effect === "allow")
    .flatMap(({ permission_groups }) =>
      permission_groups.map(({ id }) => findPermissionGroup(id)?.name ?? id),
    );
  return {
    provider: "cloudflare",
    accountId: "accountId" in token.owner ? token.owner.accountId : "",
    tokenId: token.id,
    kind: "api-token",
    name: token.name,
    status: token.deletedOn === undefined ? readTokenStatus(token, now) : "revoked",
    expiresAt: token.expiresOn ?? null,
    valueHash: token.valueHash,
    permissions: [...new Set(groups)].sort(),
  };
}

function describeDomain(record: RegistrationRecord): DomainEntry {
  return {
    provider: "cloudflare",
    accountId: record.accountId,
    domain: record.domain,
    state: record.state,
    autoRenew: record.autoRenew,
    registeredAt: record.createdAt,
    expiresAt: record.expiresAt ?? "",
    pricePaid: record.chargeId === undefined ? "0.00 USD" : record.price,
    chargeId: record.chargeId ?? "",
  };
}

/** What exists now, each with its kind in the provider's schema, account or zone, and name. */
function listInventory(records: Records): NonNullable<SurfaceBooks["inventory"]> {
  const own = (kind: string, accountId: string, id: string, name: string) => ({
    provider: "cloudflare",
    kind,
    accountId,
    id,
    name,
  });
  const account = (zoneId: string) => records.zones.get(zoneId)?.accountId ?? "";
  return [
    ...records.databases.list().map((one) => own("d1_database", one.accountId, one.uuid, one.name)),
    ...records.buckets.list().map((one) => own("r2_bucket", one.accountId, one.name, one.name)),
    ...records.namespaces
      .list()
      .map((one) => own("workers_kv_namespace", one.accountId, one.id, one.title)),
    ...records.queues.list().map((one) => own("queue", one.accountId, one.id, one.name)),
    ...records.consumers
      .list()
      .map((one) => own("queue_consumer", one.accountId, one.id, one.scriptName ?? "")),
    ...records.scripts.list().map((one) => own("workers_script", one.accountId, one.tag, one.name)),
    ...records.zones.list().map((one) => own("zone", one.accountId, one.id, one.name)),
    ...records.dns
      .list()
      .map((one) => own("dns_record", account(one.zoneId), one.id, `${one.type} ${one.name}`)),
    ...records.routes
      .list()
      .map((one) => own("workers_route", account(one.zoneId), one.id, one.pattern)),
    ...records.customDomains
      .list()
      .map((one) => own("workers_custom_domain", one.accountId, one.id, one.hostname)),
    ...records.alertPolicies
      .list()
      .map((one) => own("notification_policy", one.accountId, one.id, String(one.fields.name))),
  ];
}
