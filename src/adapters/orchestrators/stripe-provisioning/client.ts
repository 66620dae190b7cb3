import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { Orchestrator, ResourceAnswer } from "../contract.ts";
import { callStripe, isAbsent, readBody } from "./call-stripe.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { connectProvider } from "./connect-provider.ts";
import { ensureLimit } from "./ensure-limit.ts";
import { listAll } from "./list-all.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Why a limit can't be told to Stripe, whatever is tried. */
const UNSAYABLE = /^(?:currency_unsupported|amount_unsupported|limit_not_comparable)$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

/** Speaks Stripe's Provisioning API for one connected account at one provider (README.md beside this file has the facts). */
export function createStripeProvisioning(options: StripeProvisioningOptions): Orchestrator {
  const { provider } = options;
  const resource = (id: string, verb = "") => `/resources/${encodeURIComponent(id)}${verb}`;

  /** What the catalogue says; `unknown` where it can't be looked at. */
  const findPrice = async (service: string): Promise<"free" | "paid" | "absent" | "unknown"> => {
    const query = new URLSearchParams({ provider_name: provider, limit: "100" });
    const answer = await listAll(options, "/catalog/services", query);
    if (answer.kind !== "listed") return "unknown";
    const row = answer.rows.find((one) => memberAt(one, "service_id") === service);
    if (row === undefined) return "absent";
    return memberAt(row, "pricing", "type") === "free" ? "free" : "paid";
  };

  /** What a resource's state means; credentials are shown by another call. */
  const read = async (exchange: JsonExchange): Promise<ResourceAnswer> => {
    const answer = readBody(exchange);
    if (answer.kind !== "body") return answer;
    const id = textAt(answer.body, ["id"], ID);
    if (id === undefined) return { kind: "unknown", code: "malformed" };
    switch (memberAt(answer.body, "status")) {
      case "complete":
        return reveal(id);
      case "pending":
        return { kind: "pending", id };
      case "needs_information":
        return { kind: "needs-information", id };
      case "removed":
        return { kind: "removed", id };
      case "errored":
        return { kind: "refused", code: "errored" };
      default:
        return { kind: "unknown", code: "malformed" };
    }
  };

  const reveal = async (id: string): Promise<ResourceAnswer> => {
    const shown = readBody(
      await callStripe(options, "POST", resource(id, "/reveal_access_configuration")),
    );
    const configuration = shown.kind === "body" ? memberAt(shown.body, "configuration") : undefined;
    if (typeof configuration !== "object" || configuration === null)
      return { kind: "unknown", code: "malformed" };
    const access: Record<string, Secret> = {};
    for (const [name, value] of Object.entries(configuration)) {
      if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name) || name === "__proto__")
        return { kind: "unknown", code: "malformed" };
      access[name] = new Secret(String(value));
    }
    return { kind: "complete", id, access };
  };

  /** A look that fails says nothing about the resource. */
  const look = async (id: string): Promise<ResourceAnswer> => {
    const exchange = await callStripe(options, "GET", resource(id));
    if (isAbsent(exchange)) return { kind: "absent" };
    const seen = await read(exchange);
    return seen.kind === "refused" && seen.code !== "errored"
      ? { kind: "unknown", code: seen.code }
      : seen;
  };

  return {
    id: options.id ?? "stripe-provisioning",
    capabilities: CAPABILITIES,

    async isHealthy() {
      const answer = readBody(await callStripe(options, "GET", "/eligibility"));
      return answer.kind === "body" && memberAt(answer.body, "is_eligible") === true;
    },

    requestAccount: (request) => connectProvider(options, request),

    // There is no credential that could be refreshed: a repeated request finds the connection.
    refresh: async () => ({ kind: "refused", code: "no_refresh_token" }),

    async endSession({ accessToken }) {
      const path = `/provider_connections/${encodeURIComponent(accessToken.reveal())}/unlink`;
      const exchange = await callStripe(options, "POST", path);
      const isOver = readBody(exchange).kind === "body" || isAbsent(exchange);
      return isOver ? { kind: "ended" } : { kind: "unknown", code: "not_confirmed" };
    },

    async createResource({ resourceId, service, config, paymentToken }) {
      const price = await findPrice(service);
      if (price === "unknown") return { kind: "unknown", code: "catalogue_unreadable" };
      if (price === "absent") return notSent("unknown_service");
      if (price === "paid" && paymentToken === undefined)
        return notSent("requires_payment_credentials");
      const unlimited = price === "free" ? undefined : await ensureLimit(options);
      // Nothing is bought before the limit stands.
      if (unlimited !== undefined)
        return notSent(UNSAYABLE.test(unlimited.code) ? unlimited.code : "limit_not_set");
      const body = { provider, service_ref: service, configuration: config, name: resourceId };
      const made = { ...body, environment: "prod" };
      return read(await callStripe(options, "POST", "/resources", made, resourceId));
    },

    // Stripe charges its own payment method, whichever token tells that the purchase is held.
    presentPayment: ({ id }) => look(id),
    readResource: ({ id }) => look(id),

    rotateResource: async ({ id }) =>
      read(await callStripe(options, "POST", resource(id, "/rotate_credentials"))),

    async removeResource({ id }) {
      const asked = await read(await callStripe(options, "POST", resource(id, "/remove")));
      const seen = await look(id);
      if (seen.kind !== "complete") return seen;
      return asked.kind === "refused" ? asked : { kind: "unknown", code: "still_present" };
    },
  };
}

function notSent(code: string): ResourceAnswer {
  return { kind: "refused", code, unsent: true };
}
