import type { Api } from "./api.ts";
import { createZone } from "./create-zone.ts";
import { readPrice } from "./domain-prices.ts";
import type { RegistrationRecord } from "./zone-records.ts";

/**
 * Moves a registration on when its time has come, or at once when `isDue`: names that begin with `fails-` fail, others are paid and active. One transaction:
 * there is no charge without the registration and no registration without the charge.
 */
export function settleRegistration(
  api: Api,
  record: RegistrationRecord,
  isDue: boolean,
): RegistrationRecord {
  if (record.state !== "in_progress" && record.state !== "blocked") return record;
  if (!isDue && api.context.now() < record.readyAt) return record;
  return api.context.store.transaction(() =>
    record.domain.startsWith("fails-")
      ? failRegistration(api, record, "registry_rejected", "the registry refused the registration")
      : payRegistration(api, record),
  );
}

function payRegistration(api: Api, record: RegistrationRecord): RegistrationRecord {
  const { accountId, domain } = record;
  const charge = api.context.charge({
    provider: "cloudflare",
    accountId,
    amount: readPrice(record.price),
    description: `Registration of ${domain}`,
    key: record.chargeKey,
  });
  if (!charge.ok)
    return failRegistration(
      api,
      record,
      `payment_${charge.code}`,
      "the default payment method was declined",
    );
  ensureActiveZone(api, accountId, domain);
  const updatedAt = api.timestamp();
  const paid: RegistrationRecord = {
    ...record,
    state: "succeeded",
    chargeId: charge.chargeId,
    expiresAt: addYears(updatedAt, record.years),
    updatedAt,
  };
  api.records.registrations.put(domain, paid);
  return paid;
}

function failRegistration(
  api: Api,
  record: RegistrationRecord,
  code: string,
  message: string,
): RegistrationRecord {
  const failed: RegistrationRecord = {
    ...record,
    state: "failed",
    error: { code, message },
    updatedAt: api.timestamp(),
  };
  api.records.registrations.put(record.domain, failed);
  return failed;
}

function ensureActiveZone(api: Api, accountId: string, name: string): void {
  const { zones } = api.records;
  const zone = zones.list().find((one) => one.accountId === accountId && one.name === name);
  const now = api.timestamp();
  if (zone === undefined)
    createZone(api, { accountId, name, type: "full", paused: false, isActive: true });
  else zones.put(zone.id, { ...zone, status: "active", activatedOn: now, modifiedOn: now });
}

function addYears(moment: string, years: number): string {
  const date = new Date(moment);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
}
