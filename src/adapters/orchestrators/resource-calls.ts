import type { JsonExchange } from "../../util/fetch-json.ts";
import { listAt, memberAt, textAt } from "../../util/json-access.ts";
import { Secret } from "../../util/secret.ts";
import type { Orchestrator, PricingAnswer, ResourceAnswer } from "./contract.ts";
import { readFailure, readObservation, readResource } from "./read-answers.ts";
import { readConsentUrl } from "./read-consent-url.ts";
import { readTime } from "./read-time.ts";

/** One call of the provisioning protocol 0.1d; how it is authenticated is the adapter's part. */
export interface ProtocolCall {
  readonly method: "GET" | "POST";
  /** Below the provider's base. */
  readonly path: string;
  readonly body?: string | undefined;
  /** The body is form-encoded. */
  readonly form?: boolean | undefined;
  readonly accessToken?: Secret | undefined;
  /** For `Idempotency-Key`. */
  readonly key?: string | undefined;
}

type ResourceCalls = Pick<
  Orchestrator,
  "createResource" | "presentPayment" | "readResource" | "rotateResource" | "removeResource"
> &
  Required<Pick<Orchestrator, "openDashboard" | "readPricing">>;

/** A list of more pages is not read to its end: twenty full catalogues of 2026. */
const PAGES_MAX = 50;

/** The resources of the provisioning protocol (2.5), its price list (2.4) and its links to a dashboard (2.1), for every adapter that speaks it. */
export function createResourceCalls(
  call: (request: ProtocolCall) => Promise<JsonExchange>,
): ResourceCalls {
  return {
    async createResource(input) {
      const body = JSON.stringify({
        service_id: input.service,
        configuration: input.config,
        orchestrator_resource_id: input.resourceId,
        ...(input.paymentToken === undefined
          ? {}
          : printPayment(input.paymentToken, input.paymentType)),
      });
      const path = "/provisioning/resources";
      const { accessToken, resourceId: key } = input;
      const answer = readResource(await call({ method: "POST", path, body, accessToken, key }));
      return answer.kind === "absent" ? { kind: "refused", code: "not_found" } : answer;
    },

    async presentPayment({ accessToken, id, paymentToken, paymentType }) {
      const path = `${resourcePath(id)}/update_service`;
      const body = JSON.stringify(printPayment(paymentToken, paymentType));
      return about(id, readResource(await call({ method: "POST", path, body, accessToken })));
    },

    async readResource({ accessToken, id }) {
      const exchange = await call({ method: "GET", path: resourcePath(id), accessToken });
      return about(id, readObservation(exchange));
    },

    async rotateResource({ accessToken, id }) {
      const path = `${resourcePath(id)}/rotate_credentials`;
      return about(id, readResource(await call({ method: "POST", path, body: "{}", accessToken })));
    },

    async removeResource({ accessToken, id }): Promise<ResourceAnswer> {
      const path = `${resourcePath(id)}/remove`;
      const asked = readResource(await call({ method: "POST", path, body: "{}", accessToken }));
      const exchange = await call({ method: "GET", path: resourcePath(id), accessToken });
      const seen = about(id, readObservation(exchange));
      if (seen.kind !== "complete" && seen.kind !== "needs-information") return seen;
      return asked.kind === "refused" ? asked : { kind: "unknown", code: "still_present" };
    },

    readPricing: (service) => findPricing(call, service),

    async openDashboard({ accessToken }) {
      const path = "/provisioning/deep_links";
      const body = JSON.stringify({ purpose: "dashboard" });
      const exchange = await call({ method: "POST", path, body, accessToken });
      if (exchange.kind === "failure" || exchange.status >= 300) return readFailure(exchange);
      const url = readConsentUrl(textAt(exchange.body, ["url"]));
      const expiresAt = readTime(textAt(exchange.body, ["expires_at"]));
      return url === undefined || expiresAt === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "link", url: new Secret(url), expiresAt };
    },
  };
}

/** Reads the list page by page until the service is there. A service that is there twice is what it is the first time: no page after that is read. */
async function findPricing(
  call: (request: ProtocolCall) => Promise<JsonExchange>,
  service: string,
): Promise<PricingAnswer> {
  const seen = new Set<string>();
  let query = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const exchange = await call({ method: "GET", path: `/provisioning/services${query}` });
    if (exchange.kind === "failure" || exchange.status >= 300) return readFailure(exchange);
    const rows = listAt(exchange.body, "data");
    if (rows === undefined) return { kind: "unknown", code: "malformed" };
    const row = rows.find((one) => memberAt(one, "id") === service);
    if (row !== undefined) return { kind: "listed", pricing: memberAt(row, "pricing") };
    const next = memberAt(exchange.body, "next_cursor");
    if (next === undefined || next === null || next === "") return { kind: "absent" };
    if (typeof next !== "string" || seen.has(next)) break;
    seen.add(next);
    query = `?cursor=${encodeURIComponent(next)}`;
  }
  return { kind: "unknown", code: "malformed" };
}

/** An answer about another resource says nothing about the one that was asked for. */
function about(id: string, answer: ResourceAnswer): ResourceAnswer {
  return "id" in answer && answer.id !== id ? { kind: "unknown", code: "other_resource" } : answer;
}

/** `stripe_payment_token` is published; other types have the same form by analogy. */
function printPayment(token: Secret, type = "stripe_payment_token") {
  return { payment_credentials: { type, [type]: token.reveal() } };
}

function resourcePath(id: string): string {
  return `/provisioning/resources/${encodeURIComponent(id)}`;
}
