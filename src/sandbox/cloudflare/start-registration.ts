import { formatMoney } from "../../util/money.ts";
import type { Api } from "./api.ts";
import { checkDomain, type DomainCheck, priceRegistration } from "./domain-prices.ts";
import type { RegistrationRecord } from "./zone-records.ts";

/** What a registration asks for. */
export interface RegistrationOrder {
  readonly accountId: string;
  readonly domain: string;
  readonly years: number;
  readonly autoRenew: boolean;
  readonly privacyMode: string;
}

/** Why an order is not taken. */
export interface OrderRefusal {
  readonly code: number;
  readonly message: string;
}

/** How long a registration takes, in milliseconds. */
export const WORK_MS = 250;
/** The same for a name that begins with `slow-`, by the sandbox's clock. */
const SLOW_MS = 60_000;
/** How long the registry holds back a name that begins with `blocked-`, by the sandbox's clock. */
const BLOCKED_MS = 24 * 3_600_000;

/** Domains of one account at most (Registrar API docs). */
const DOMAINS_MAX = 500;

/** Whether a name can be registered now, in any account. */
export function checkRegistrable(api: Api, domain: string): DomainCheck {
  const known = api.records.registrations.get(domain);
  return checkDomain(domain, known !== undefined && known.state !== "failed");
}

/** Starts a workflow for a name that has none under way; refused without a payment token presented for the account. */
export function startRegistration(
  api: Api,
  order: RegistrationOrder,
): RegistrationRecord | OrderRefusal {
  const { accountId, domain, years } = order;
  const { registrations, accounts } = api.records;
  const checked = checkRegistrable(api, domain);
  if (!checked.registrable)
    return { code: 10_402, message: `the domain cannot be registered: ${checked.reason}` };
  if (accounts.get(`cloudflare/${accountId}`)?.paymentToken === undefined)
    return {
      code: 10_401,
      message: `the account has no billing profile with a valid default payment method: https://dash.cloudflare.com/${accountId}/billing/payment-info`,
    };
  const owned = registrations
    .list()
    .filter((one) => one.accountId === accountId && one.state === "succeeded");
  if (owned.length >= DOMAINS_MAX)
    return { code: 10_403, message: "the account has as many domains as it may have" };
  const createdAt = api.timestamp();
  const { state, delay } = chooseCourse(domain);
  const record: RegistrationRecord = {
    ...order,
    state,
    createdAt,
    updatedAt: createdAt,
    readyAt: api.context.now() + delay,
    locked: true,
    price: formatMoney(priceRegistration(checked.prices, years)),
    chargeKey: `registration ${domain} ${api.newId()}`,
  };
  registrations.put(domain, record);
  return record;
}

function chooseCourse(domain: string): {
  readonly state: RegistrationRecord["state"];
  readonly delay: number;
} {
  if (domain.startsWith("action-required-")) return { state: "action_required", delay: 0 };
  if (domain.startsWith("blocked-")) return { state: "blocked", delay: BLOCKED_MS };
  return { state: "in_progress", delay: domain.startsWith("slow-") ? SLOW_MS : WORK_MS };
}
