import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt } from "../../../util/json-access.ts";
import type { Orchestrator, Refused, ResourceAnswer } from "../contract.ts";
import { callStripe, isAbsent, readBody } from "./call-stripe.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { connectProvider } from "./connect-provider.ts";
import { ensureLimit } from "./ensure-limit.ts";
import { findConnection } from "./find-connection.ts";
import { findPricing } from "./find-pricing.ts";
import { isSessionsPlan } from "./is-sessions-plan.ts";
import { openPlan } from "./open-plan.ts";
import { openSession } from "./open-session.ts";
import type { StripeProvisioningOptions } from "./options.ts";
import { lookAtResource, readResource } from "./read-resource.ts";

/** Why a limit can't be told to Stripe, whatever is tried. */
const UNSAYABLE = /^(?:currency_unsupported|amount_unsupported|limit_not_comparable)$/;

/** Speaks Stripe's Provisioning API for one connected account at one provider (README.md beside this file has the facts). */
export function createStripeProvisioning(options: StripeProvisioningOptions): Orchestrator {
  const { provider } = options;
  const read = (exchange: JsonExchange): Promise<ResourceAnswer> => readResource(options, exchange);
  const look = (id: string): Promise<ResourceAnswer> => lookAtResource(options, id);
  const resource = (id: string, verb = "") => `/resources/${encodeURIComponent(id)}${verb}`;

  /** What the catalogue says; `unknown` where it can't be looked at. */
  const findPrice = async (service: string): Promise<"free" | "paid" | "absent" | "unknown"> => {
    const answer = await findPricing(options, service);
    if (answer.kind === "listed")
      return memberAt(answer.pricing, "type") === "free" ? "free" : "paid";
    return answer.kind === "absent" ? "absent" : "unknown";
  };

  /** Before anything can be charged. Undefined where the limit stands. */
  const limit = async (): Promise<Refused | undefined> => {
    const unlimited = await ensureLimit(options);
    if (unlimited === undefined) return undefined;
    return notSent(UNSAYABLE.test(unlimited.code) ? unlimited.code : "limit_not_set");
  };

  return {
    id: options.id ?? "stripe-provisioning",
    capabilities: CAPABILITIES,

    async isHealthy() {
      const answer = readBody(await callStripe(options, "GET", "/eligibility"));
      return answer.kind === "body" && memberAt(answer.body, "is_eligible") === true;
    },

    async requestAccount(request) {
      const connection = await connectProvider(options, request);
      return connection.kind === "connection"
        ? openSession(options, connection, request.accountId === undefined)
        : connection;
    },

    async refresh(refreshToken) {
      const found = await findConnection(options, { id: refreshToken.reveal() });
      if (found === undefined) return { kind: "refused", code: "connection_ended", unsent: true };
      return found.kind === "connection" ? openSession(options, found, false) : found;
    },

    async endSession({ accessToken, refreshToken = accessToken }) {
      const path = `/provider_connections/${encodeURIComponent(refreshToken.reveal())}/unlink`;
      const exchange = await callStripe(options, "POST", path);
      const isOver = readBody(exchange).kind === "body" || isAbsent(exchange);
      return isOver ? { kind: "ended" } : { kind: "unknown", code: "not_confirmed" };
    },

    async createResource({ resourceId, service, config, paymentToken }) {
      const price = await findPrice(service);
      if (price === "unknown") return notSent("catalogue_unreadable");
      if (price === "absent") return notSent("unknown_service");
      if (price === "paid" && paymentToken === undefined)
        return notSent("requires_payment_credentials");
      // Nothing is bought before the limit stands; neither with a token that is shown for what the provider's own API sells.
      const unlimited = paymentToken === undefined ? undefined : await limit();
      if (unlimited !== undefined) return unlimited;
      // An account has it once, and its session may have brought it already.
      if (service === options.plan && price === "free") return openPlan(options, service, true);
      const body = { provider, service_ref: service, configuration: config, name: resourceId };
      const made = { ...body, environment: "prod" };
      return read(await callStripe(options, "POST", "/resources", made, resourceId));
    },

    readPricing: (service) => findPricing(options, service),

    hasOwnIds: true,
    // Stripe charges its own payment method, whichever token tells that the purchase is held.
    presentPayment: async ({ id }) => (await limit()) ?? look(id),
    prepareOwnPayment: limit,
    readResource: ({ id }) => look(id),

    rotateResource: async ({ id }) =>
      read(await callStripe(options, "POST", resource(id, "/rotate_credentials"))),

    async removeResource({ id }) {
      // With it the session's own credential would go, and with that every way to take anything back.
      if (await isSessionsPlan(options, id)) return { kind: "left", id };
      const asked = await read(await callStripe(options, "POST", resource(id, "/remove")));
      const seen = await look(id);
      if (seen.kind !== "complete") return seen;
      return asked.kind === "refused" ? asked : { kind: "unknown", code: "still_present" };
    },
  };
}

function notSent(code: string): Refused {
  return { kind: "refused", code, unsent: true };
}
