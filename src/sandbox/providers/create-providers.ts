import type { SandboxContext, Surface } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import { requestAccount } from "./account-requests.ts";
import type { TrustedIssuer } from "./assertion-grant.ts";
import { findAccount, findSigner } from "./authenticate-call.ts";
import { confirmConsent, showConsentPage } from "./consents.ts";
import { createDeepLink, showDashboard } from "./deep-links.ts";
import {
  linkResource,
  readResource,
  removeResource,
  rotateResource,
  updateResource,
} from "./manage-resource.ts";
import { exchangeToken } from "./oauth-token.ts";
import { exchangePersonToken, revokePersonToken } from "./person-token.ts";
import { printService } from "./print-service.ts";
import { describeServer, type ProvedCall, proveCall } from "./prove-call.ts";
import {
  buildFlatError,
  buildStatusError,
  buildTypedError,
  type ProviderAnswer,
} from "./provider-answer.ts";
import type { AccountCall, ProviderCall } from "./provider-call.ts";
import type { ProviderService } from "./provider-service.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { readProviderSettings } from "./provider-settings.ts";
import { createResource } from "./provision-resource.ts";
import { replayResourceCall } from "./replay-resource-call.ts";

const API_VERSION = "0.1d";
const SERVICES_PER_PAGE = 20;

interface Parts {
  readonly services: readonly ProviderService[];
  readonly identities: readonly OrchestratorIdentity[];
  /** Whose word about a person is taken instead of an orchestrator's signature; default nobody's. */
  readonly trusted?: TrustedIssuer | undefined;
  /** The machine's clock: a signature is fresh or not by real time, however far the sandbox's clock was moved. */
  readonly machineNow: () => number;
}

/**
 * The provider side of the Agentic Provisioning Protocol 0.1d, for every provider of `services`: `/providers/<provider>/provisioning/*`,
 * `/providers/<provider>/oauth/token`, and the pages that a person sees.
 */
export function createProviders(context: SandboxContext, parts: Parts): Surface {
  const byProvider = Map.groupBy(parts.services, (service) => service.provider);
  return {
    async handle(request, url) {
      const metadata = describeServer(context, byProvider, url);
      if (metadata !== undefined) return metadata;
      const [, name, path] = /^\/providers\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
      if (name === undefined || path === undefined) return undefined;
      const provider = decodeName(name);
      const services = byProvider.get(provider);
      if (services === undefined) return toResponse(buildFlatError(404, "not_found"));
      const body = await request.text();
      const proved = await proveCall(context, parts, { request, url, path, body, provider });
      return context.store.transaction(() => {
        const page = showPage(context, provider, `${request.method} ${path}`, url, body);
        if (page !== undefined) return page;
        return toResponse(
          answer(context, parts, { request, url, path, body, provider, services, proved }),
        );
      });
    },
    close: async () => {},
  };
}

/** A provider's name as it stands in the path; a wrong escape is no provider. */
function decodeName(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

function showPage(
  context: SandboxContext,
  provider: string,
  route: string,
  url: URL,
  body: string,
): Response | undefined {
  if (route === "GET /authorize") return showConsentPage(context, provider, url);
  if (route === "POST /authorize/confirm") return confirmConsent(context, provider, body);
  if (route === "GET /dashboard") return showDashboard(context, provider, url);
  return undefined;
}

interface Arrival {
  readonly request: Request;
  readonly url: URL;
  /** Below the provider's base. */
  readonly path: string;
  readonly body: string;
  readonly provider: string;
  readonly services: readonly ProviderService[];
  readonly proved: ProvedCall | undefined;
}

function answer(context: SandboxContext, parts: Parts, arrival: Arrival): ProviderAnswer {
  const { request, path, provider } = arrival;
  const settings = readProviderSettings(context, provider);
  const { proved } = arrival;
  const orchestrator =
    proved === undefined
      ? findSigner(parts.identities, {
          ...arrival,
          now: parts.machineNow(),
          needsV2: settings.needsSignatureV2,
        })
      : parts.identities.find(({ id }) => id === "self");
  if (orchestrator === undefined) return buildFlatError(401, "invalid_signature");
  if (proved !== undefined && path.startsWith("/oauth/"))
    return answerPerson(context, arrival, { settings, orchestrator, proved });
  if (request.method === "POST" && path === "/oauth/token")
    return exchangeToken(context, {
      provider,
      orchestrator: orchestrator.id,
      body: arrival.body,
      bearerSeconds: settings.bearerSeconds,
    });
  if (request.headers.get("api-version") !== API_VERSION)
    return buildFlatError(400, "invalid_api_version");
  const body = readBody(arrival.body);
  if (body === undefined) return buildFlatError(400, "body_not_decodable");
  const call: ProviderCall = {
    context,
    provider,
    services: new Map(arrival.services.map((service) => [service.id, service])),
    settings,
    orchestrator,
    body,
    idempotencyKey: request.headers.get("idempotency-key") ?? undefined,
    jkt: proved?.jkt,
  };
  const route = `${request.method} ${path}`;
  if (route === "GET /provisioning/health")
    return { status: 200, body: { supported_versions: [API_VERSION], status: "ok" } };
  if (route === "GET /provisioning/services") return listServices(arrival);
  if (route === "POST /provisioning/account_requests") return requestAccount(call);
  return answerAccount(call, request, route);
}

function answerPerson(
  context: SandboxContext,
  { request, path, body, provider, services }: Arrival,
  {
    settings,
    orchestrator,
    proved,
  }: {
    readonly settings: ProviderSettings;
    readonly orchestrator: OrchestratorIdentity;
    readonly proved: ProvedCall;
  },
): ProviderAnswer {
  const call: ProviderCall = {
    ...{ context, provider, settings, orchestrator, body: {}, jkt: proved.jkt },
    services: new Map(services.map((service) => [service.id, service])),
    idempotencyKey: undefined,
  };
  const asked = { ...proved, form: new URLSearchParams(body) };
  const route = `${request.method} ${path}`;
  if (route === "POST /oauth/token") return exchangePersonToken(call, asked);
  if (route === "POST /oauth/revoke") return revokePersonToken(call, asked);
  return buildFlatError(404, "not_found");
}

function answerAccount(call: ProviderCall, request: Request, route: string): ProviderAnswer {
  const account = findAccount(call, request.headers.get("authorization"));
  if (account === "forbidden") return buildStatusError(403, "forbidden", "");
  if (account === undefined) return buildTypedError(401, "unauthorized");
  const bound: AccountCall = { ...call, account };
  const once = (work: () => ProviderAnswer) => replayResourceCall(bound, route, work);
  if (route === "POST /provisioning/resources") return once(() => createResource(bound));
  if (route === "POST /provisioning/resources/link") return once(() => linkResource(bound));
  if (route === "POST /provisioning/deep_links") return createDeepLink(bound);
  const [, method, id = "", verb] =
    /^(\w+) \/provisioning\/resources\/(\w+)(?:\/(\w+))?$/.exec(route) ?? [];
  if (method === "GET" && verb === undefined) return readResource(bound, id);
  if (method === "POST" && verb === "update_service") return once(() => updateResource(bound, id));
  if (method === "POST" && verb === "rotate_credentials") return rotateResource(bound, id);
  if (method === "POST" && verb === "remove") return removeResource(bound, id);
  return buildFlatError(404, "not_found");
}

function listServices(arrival: Arrival): ProviderAnswer {
  const start = Number(arrival.url.searchParams.get("cursor") ?? "0");
  if (!Number.isSafeInteger(start) || start < 0) return buildTypedError(400, "invalid_request");
  const end = start + SERVICES_PER_PAGE;
  const data = arrival.services.slice(start, end).map(printService);
  const next = end < arrival.services.length ? { next_cursor: String(end) } : {};
  return { status: 200, body: { data, ...next } };
}

function readBody(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function toResponse(answer: ProviderAnswer): Response {
  return Response.json(answer.body, { status: answer.status });
}
