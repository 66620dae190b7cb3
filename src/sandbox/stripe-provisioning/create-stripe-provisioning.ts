import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext, Surface } from "../context.ts";
import type { Caller } from "../issuer/operation.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import { printCatalogService } from "../providers/print-catalog-service.ts";
import type { ProviderService } from "../providers/provider-service.ts";
import { createRequest, informRequest, readRequest, showRequest } from "./connection-requests.ts";
import { showConnections, unlinkConnection } from "./connections.ts";
import { showProfile, updateLimit } from "./payment-profile.ts";
import { printPage } from "./print-page.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";
import type { ProvisioningCall } from "./provisioning-call.ts";
import { handleResource, makeResource } from "./resources.ts";

const BASE = "/v2/provisioning";
/** The first preview with these endpoints. */
const SINCE = "2026-09-16.preview";

/** What a key was used for. Collection `provisioning-keys`, by connected account and key. */
interface KeyRecord {
  readonly fingerprint: string;
  /** Path of what came of it. */
  readonly path: string;
}

/**
 * Stripe's Provisioning API (private preview), `/v2/provisioning/*`: the platform's key, a preview version, and any connected account as context, each of which is a
 * customer of its own. `findCaller` tells whose secret key it is.
 */
export function createStripeProvisioning(
  context: SandboxContext,
  input: {
    readonly services: readonly ProviderService[];
    readonly identities: readonly OrchestratorIdentity[];
    readonly findCaller: (key: string) => Caller | undefined;
  },
): Surface {
  const { services, findCaller } = input;
  const orchestrator = input.identities.find(({ id }) => id === "stripe");
  if (orchestrator === undefined) throw new Error("Stripe has no identity");
  return {
    async handle(request, url) {
      if (!url.pathname.startsWith(`${BASE}/`)) return undefined;
      const text = await request.text();
      const { status, body } = context.store.transaction((): ProvisioningAnswer => {
        const { headers, method } = request;
        const key = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
        if (findCaller(key)?.role !== "issuer") return refuseProvisioning(401, "api_key_invalid");
        const version = headers.get("stripe-version") ?? "";
        if (!/^\d{4}-\d\d-\d\d\.preview$/.test(version) || version < SINCE)
          return refuseProvisioning(400, "api_version_invalid");
        const connectedAccount = headers.get("stripe-context") ?? "";
        if (!/^acct_[A-Za-z0-9]{1,64}$/.test(connectedAccount))
          return refuseProvisioning(403, "account_invalid");
        const given = readBody(text);
        if (given === undefined) return refuseProvisioning(400, "invalid_json");
        const call = {
          ...{ context, services, orchestrator, connectedAccount, url },
          body: given,
        };
        const route = `${method} ${url.pathname.slice(BASE.length)}`;
        const idempotencyKey = method === "POST" ? headers.get("idempotency-key") : null;
        const answer =
          idempotencyKey === null
            ? answerRoute(call, route)
            : answerOnce(call, route, idempotencyKey);
        return answer ?? refuseProvisioning(404, "url_unknown");
      });
      return Response.json(body, { status, headers: { "request-id": `req_${context.random(8)}` } });
    },
    close: async () => {},
  };
}

function answerRoute(call: ProvisioningCall, route: string): ProvisioningAnswer | undefined {
  switch (route) {
    case "GET /eligibility":
      return { status: 200, body: { is_eligible: true, requirements: [] } };
    case "GET /catalog/providers":
      return printPage(call.url, listProviders(call));
    case "GET /catalog/services":
      return printPage(call.url, listServices(call));
    case "GET /payment_profile":
      return showProfile(call);
    case "POST /payment_profile/update_limit":
      return updateLimit(call);
    case "GET /provider_connections":
      return showConnections(call);
    case "POST /provider_connection_requests":
      return createRequest(call);
    case "POST /resources":
      return makeResource(call);
  }
  const [, method, kind, id = "", verb] =
    /^(\w+) \/(resources|provider_connections|provider_connection_requests)\/(\w+)(?:\/(\w+))?$/.exec(
      route,
    ) ?? [];
  if (kind === "provider_connections")
    return method === "POST" && verb === "unlink" ? unlinkConnection(call, id) : undefined;
  if (kind === "provider_connection_requests") {
    if (method === "POST" && verb === "submit_information") return informRequest(call, id);
    return method === "GET" && verb === undefined ? readRequest(call, id) : undefined;
  }
  const fits = method === (verb === undefined ? "GET" : "POST");
  return kind === "resources" && fits ? handleResource(call, id, verb) : undefined;
}

/** What has been made under the key is shown again, as it stands by then; what failed may be tried again under it, as in all of API v2. */
function answerOnce(
  call: ProvisioningCall,
  route: string,
  idempotencyKey: string,
): ProvisioningAnswer | undefined {
  const keys = call.context.store.collection<KeyRecord>("provisioning-keys");
  const name = JSON.stringify([call.connectedAccount, idempotencyKey]);
  const fingerprint = sha256(canonicalJson([route, call.body as Json]));
  const known = keys.get(name);
  if (known !== undefined && known.fingerprint !== fingerprint)
    return refuseProvisioning(400, "idempotency_error");
  if (known !== undefined) {
    const id = known.path.slice(known.path.lastIndexOf("/") + 1);
    return known.path.startsWith("/resources/")
      ? handleResource(call, id, undefined)
      : showRequest(call, id);
  }
  const answer = answerRoute(call, route);
  const { id } = Object(answer?.body) as { readonly id?: unknown };
  const makes = route === "POST /resources" || route === "POST /provider_connection_requests";
  if (answer?.status === 200 && makes)
    keys.put(name, { fingerprint, path: `${route.slice("POST ".length)}/${String(id)}` });
  return answer;
}

function listProviders({ services }: ProvisioningCall): readonly Json[] {
  return [...new Set(services.map(({ provider }) => provider))].map((provider) => ({
    ...{ id: provider, object: "v2.provisioning.provider", name: provider, livemode: false },
  }));
}

function listServices({ services, url }: ProvisioningCall): readonly Json[] {
  const name = url.searchParams.get("provider_name");
  return services
    .filter(({ provider }) => name === null || provider === name)
    .map(printCatalogService);
}

function readBody(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
