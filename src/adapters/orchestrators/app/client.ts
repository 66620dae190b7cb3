import { createHash } from "node:crypto";
import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import type { AccountAnswer, Orchestrator } from "../contract.ts";
import { readBearer, readFailure, speaksVersion } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { createResourceCalls, type ProtocolCall } from "../resource-calls.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { AppConnection } from "./connection.ts";
import { deriveSecret } from "./derive-secret.ts";
import { signRequest } from "./sign-request.ts";

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

/** Speaks the Agentic Provisioning Protocol 0.1d to one provider (see README.md beside this file for the facts it rests on). */
export function createAppOrchestrator(
  connection: AppConnection,
  options: AppOptions,
): Orchestrator {
  const call = async (request: ProtocolCall): Promise<JsonExchange> => {
    const { method, path, body = "", form, accessToken, key } = request;
    const url = `${connection.providerUrl.replace(/\/$/, "")}${path}`;
    const headers: Record<string, string> = {
      "API-Version": API_VERSION,
      Accept: "application/json",
      ...signRequest(connection, {
        ...{ method, url, body },
        seconds: Math.floor((options.signingNow ?? options.now)() / 1000),
      }),
    };
    if (method === "POST")
      headers["Content-Type"] = form ? "application/x-www-form-urlencoded" : "application/json";
    if (accessToken !== undefined) headers.Authorization = `Bearer ${accessToken.reveal()}`;
    if (key !== undefined) headers["Idempotency-Key"] = key;
    const init: RequestInit = method === "POST" ? { method, headers, body } : { method, headers };
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

  const secretOf = (purpose: "confirmation" | "pkce", requestId: string) =>
    deriveSecret(connection.signingSecret, purpose, requestId);

  const describeClient = (requestId: string) =>
    connection.clientId === undefined
      ? {}
      : {
          client_id: connection.clientId,
          code_challenge: createHash("sha256")
            .update(secretOf("pkce", requestId))
            .digest("base64url"),
          code_challenge_method: "S256",
        };

  const exchangeCode = (code: string, requestId: string): Promise<AccountAnswer> =>
    exchangeToken({
      ...{ grant_type: "authorization_code", code },
      ...(connection.clientId === undefined
        ? {}
        : { client_id: connection.clientId, code_verifier: secretOf("pkce", requestId) }),
    });

  return {
    id: connection.orchestrator,
    capabilities: CAPABILITIES,
    ...createResourceCalls(call),

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
        confirmation_secret: secretOf("confirmation", input.requestId),
        expires_at: input.expiresAt,
        ...describeClient(input.requestId),
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
        return afterAccount(await exchangeCode(code, input.requestId));
      return readAccountAnswer(exchange, options.now(), input.expiresAt);
    },

    refresh(refreshToken) {
      return exchangeToken({ grant_type: "refresh_token", refresh_token: refreshToken.reveal() });
    },
  };
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
