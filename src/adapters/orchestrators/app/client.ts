import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type {
  AccountAnswer,
  Orchestrator,
  OrchestratorConnection,
  ResourceAnswer,
} from "../contract.ts";
import {
  readBearer,
  readFailure,
  readObservation,
  readResource,
  speaksVersion,
} from "./read-answers.ts";
import { confirmationSecret, signRequest } from "./sign-request.ts";

const API_VERSION = "0.1d";

export interface AppOptions {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; dates expiries. */
  readonly now: () => number;
  /** Dates signatures, default `now`; differs only where `now` is a sandbox's moved clock, since signatures are fresh by real time. */
  readonly signingNow?: (() => number) | undefined;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string | undefined;
  readonly form?: boolean | undefined;
  readonly accessToken?: Secret | undefined;
  readonly key?: string | undefined;
}

/** Speaks the Agentic Provisioning Protocol 0.1d to one provider (see README.md beside this file for the facts it rests on). */
export function createAppOrchestrator(
  connection: OrchestratorConnection,
  options: AppOptions,
): Orchestrator {
  const call = async (request: Call): Promise<JsonExchange> => {
    const { method, path, body = "", form, accessToken, key } = request;
    const headers: Record<string, string> = {
      "API-Version": API_VERSION,
      Accept: "application/json",
      "Stripe-Signature": signRequest(
        connection.signingSecret,
        Math.floor((options.signingNow ?? options.now)() / 1000),
        body,
      ),
    };
    if (method === "POST")
      headers["Content-Type"] = form ? "application/x-www-form-urlencoded" : "application/json";
    if (accessToken !== undefined) headers.Authorization = `Bearer ${accessToken.reveal()}`;
    if (key !== undefined) headers["Idempotency-Key"] = key;
    const init: RequestInit = method === "POST" ? { method, headers, body } : { method, headers };
    const url = `${connection.providerUrl.replace(/\/$/, "")}${path}`;
    return fetchJson(options.fetch, url, init, options.timeout ?? 30_000);
  };

  const exchangeToken = async (grant: Readonly<Record<string, string>>): Promise<AccountAnswer> => {
    const body = new URLSearchParams(grant).toString();
    const exchange = await call({ method: "POST", path: "/oauth/token", body, form: true });
    if (exchange.kind === "failure" || exchange.status !== 200) return readFailure(exchange);
    const credentials = readBearer(exchange.body, options.now());
    return credentials === undefined
      ? { kind: "unknown", code: "malformed" }
      : { kind: "connected", credentials };
  };

  return {
    id: connection.orchestrator,

    async isHealthy() {
      return speaksVersion(
        await call({ method: "GET", path: "/provisioning/health" }),
        API_VERSION,
      );
    },

    async requestAccount(input) {
      const body = JSON.stringify({
        id: input.requestId,
        object: "account_request",
        email: input.email,
        name: input.name,
        scopes: [],
        client_capabilities: ["browser"],
        confirmation_secret: confirmationSecret(connection.signingSecret, input.requestId),
        expires_at: input.expiresAt,
        orchestrator: {
          type: connection.orchestrator,
          [connection.orchestrator]: { account: connection.orchestratorAccount },
        },
      });
      const path = "/provisioning/account_requests";
      const exchange = await call({ method: "POST", path, body, key: input.requestId });
      if (exchange.kind === "failure" || exchange.status >= 300) return readFailure(exchange);
      const code = textAt(exchange.body, ["oauth", "code"]);
      if (memberAt(exchange.body, "type") === "oauth" && code !== undefined)
        return afterAccount(await exchangeToken({ grant_type: "authorization_code", code }));
      return readAccountAnswer(exchange, options.now(), input.expiresAt);
    },

    refresh(refreshToken) {
      return exchangeToken({ grant_type: "refresh_token", refresh_token: refreshToken.reveal() });
    },

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
  };
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

/** The account exists once a code was handed out, so a failed exchange leaves the whole request in doubt. */
function afterAccount(answer: AccountAnswer): AccountAnswer {
  return answer.kind === "refused" ? { kind: "unknown", code: "code_exchange_failed" } : answer;
}

/** Answers other than `oauth` (2.2). */
function readAccountAnswer(
  exchange: JsonExchange & { readonly kind: "answer" },
  now: number,
  expiresAt: string,
): AccountAnswer {
  const { body } = exchange;
  switch (memberAt(body, "type")) {
    case "credentials": {
      const credentials = readBearer(memberAt(body, "credentials", "bearer"), now);
      return credentials === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "connected", credentials };
    }
    case "requires_auth": {
      const url = readConsentUrl(textAt(body, ["requires_auth", "redirect", "url"]));
      return url === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "consent", url, expiresAt };
    }
    case "error":
      return readFailure(exchange);
    default:
      return { kind: "unknown", code: "malformed" };
  }
}

/** A link that a person can be shown: https, or http on this machine for a sandbox, printed in its normal form. */
function readConsentUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2048 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (!local && url.protocol !== "https:") return undefined;
  return url.username === "" && url.password === "" ? url.href : undefined;
}
