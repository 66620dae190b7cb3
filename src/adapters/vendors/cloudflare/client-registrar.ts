import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import { type Money, parseMoney } from "../../../util/money.ts";
import type { DomainAnswer, VendorClient } from "../contract.ts";
import type { CallAnswer, CloudflareCall, Failure } from "./client-call.ts";
import type { FindZone } from "./client-tokens.ts";

type RegistrarCalls = Pick<
  VendorClient,
  "quoteDomain" | "registerDomain" | "readDomain" | "setAutoRenew"
>;
type DomainInput = Parameters<VendorClient["readDomain"]>[0];

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
/** The registration exists and is ours, whatever its trouble. */
const OWNED = new Set(["active", "expired", "suspended", "redemption_period", "pending_delete"]);

/** Registrar API, `/accounts/{id}/registrar/`. There is no call here that deletes or transfers a domain. */
export function createRegistrarCalls(call: CloudflareCall, findZone: FindZone): RegistrarCalls {
  const readDomain = async (input: DomainInput): Promise<DomainAnswer> => {
    const { credential, domain } = input;
    const answer = await call({ credential, path: registrationPath(input) });
    if (answer.kind === "refused" || answer.kind === "unknown") return inDoubt(answer);
    if (answer.kind === "result" && memberAt(answer.result, "domain_name") === domain) {
      const status = textAt(answer.result, ["status"]) ?? "";
      const expiresAt = textAt(answer.result, ["expires_at"]);
      if (OWNED.has(status)) {
        if (expiresAt === undefined || Number.isNaN(Date.parse(expiresAt)))
          return { kind: "unknown", code: "malformed" };
        const zone = await findZone(call, input, domain);
        if (zone.kind === "absent") return { kind: "pending", slow: false };
        if (zone.kind !== "found") return inDoubt(zone);
        return { kind: "registered", domain, zoneId: zone.id, expiresAt };
      }
      if (!status.endsWith("_pending")) return { kind: "unknown", code: "malformed" };
    }
    const path = `${registrationPath(input)}/registration-status`;
    const workflow = await call({ credential, path });
    if (workflow.kind === "refused") return inDoubt(workflow);
    const state = readWorkflow(workflow);
    return state.kind === "succeeded" ? { kind: "pending", slow: false } : state;
  };

  return {
    readDomain,

    async quoteDomain({ credential, accountId, domain, years }) {
      const path = `/accounts/${encodeURIComponent(accountId)}/registrar/domain-check`;
      const body = { domains: [domain] };
      const answer = await call({ credential, method: "POST", path, body });
      if (answer.kind === "absent") return { kind: "unavailable", code: "not_found" };
      if (answer.kind === "refused" && answer.code !== "unreachable")
        return { kind: "unavailable", code: answer.code };
      if (answer.kind !== "result") return { kind: "unknown", code: answer.code };
      const found = listAt(answer.result, "domains")?.find(
        (one) => memberAt(one, "name") === domain,
      );
      if (memberAt(found, "registrable") === false)
        return { kind: "unavailable", code: textAt(found, ["reason"], CODE) ?? "unavailable" };
      if (memberAt(found, "tier") === "premium")
        return { kind: "unavailable", code: "domain_premium" };
      const first = readPrice(found, "registration_cost");
      const renewal = readPrice(found, "renewal_cost");
      if (memberAt(found, "registrable") !== true || first === undefined || renewal === undefined)
        return { kind: "unknown", code: "malformed" };
      const minor = first.minor + renewal.minor * BigInt(years - 1);
      return { kind: "quoted", price: { currency: first.currency, minor }, renewal };
    },

    async registerDomain(input) {
      const { credential, accountId, domain, years, autoRenew } = input;
      const path = `/accounts/${encodeURIComponent(accountId)}/registrar/registrations`;
      const body = { domain_name: domain, years, auto_renew: autoRenew };
      const answer = await call({ credential, method: "POST", path, body });
      const state = readWorkflow(answer);
      if (state.kind === "absent") return { kind: "refused", code: "not_found" };
      return state.kind === "succeeded" ? readDomain(input) : state;
    },

    async setAutoRenew(input) {
      const { credential, autoRenew } = input;
      const path = registrationPath(input);
      const body = { auto_renew: autoRenew };
      const answer = await call({ credential, method: "PATCH", path, body });
      const state = readWorkflow(answer);
      if (state.kind !== "succeeded") return state;
      const seen = await call({ credential, path });
      if (seen.kind === "result" && memberAt(seen.result, "auto_renew") === autoRenew)
        return readDomain(input);
      return { kind: "unknown", code: "not_applied" };
    },
  };
}

function registrationPath(input: DomainInput): string {
  const account = encodeURIComponent(input.accountId);
  return `/accounts/${account}/registrar/registrations/${encodeURIComponent(input.domain)}`;
}

/** A look that was refused says nothing about the domain. */
function inDoubt(failure: Failure): DomainAnswer {
  return { kind: "unknown", code: failure.code };
}

/** Prices are texts of one year in major units; a multi-year registration pays renewals for the further years. */
function readPrice(found: unknown, name: string): Money | undefined {
  const currency = textAt(found, ["pricing", "currency"], /^[A-Z]{3}$/);
  const amount = textAt(found, ["pricing", name]);
  return parseMoney(`${amount} ${currency}`);
}

/**
 * A workflow's state. `action_required` never resolves alone although `completed` stays false, and `blocked` waits on the registry
 * (registration-status, documented trap).
 */
function readWorkflow(
  answer: CallAnswer,
): Exclude<DomainAnswer, { kind: "registered" }> | { readonly kind: "succeeded" } {
  if (answer.kind !== "result") return answer;
  switch (memberAt(answer.result, "state")) {
    case "succeeded":
      return { kind: "succeeded" };
    case "pending":
    case "in_progress":
      return { kind: "pending", slow: false };
    case "blocked":
      return { kind: "pending", slow: true };
    case "action_required":
      return {
        kind: "action-required",
        code: textAt(answer.result, ["context", "action"], CODE) ?? "action_required",
      };
    case "failed":
      return { kind: "refused", code: textAt(answer.result, ["error", "code"], CODE) ?? "failed" };
    default:
      return { kind: "unknown", code: "malformed" };
  }
}
