import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, Orchestrator } from "../contract.ts";
import { readBearer, readFailure } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import template from "./index.ts";

/** How to reach it. `apiKey` is secret: never log. */
export interface TemplateConnection {
  readonly apiUrl: string;
  readonly apiKey: string;
}

export interface TemplateOptions {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; dates expiries. */
  readonly now: () => number;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** Opens accounts by a made-up API (README.md): replace what is sent and read, keep what is proved. */
export function createTemplateOrchestrator(
  connection: TemplateConnection,
  { fetch, now, timeout = 30_000 }: TemplateOptions,
): Orchestrator {
  const call = (path: string, body?: object, key?: string): Promise<JsonExchange> => {
    const headers = {
      authorization: `Bearer ${connection.apiKey}`,
      ...(body && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    };
    const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
    return fetchJson(fetch, `${connection.apiUrl}${path}`, init, timeout);
  };

  return createAccountOnly({
    id: template.id,
    capabilities: template.capabilities,

    async isHealthy() {
      const exchange = await call("/health");
      return exchange.kind === "answer" && exchange.status === 200;
    },

    async requestAccount({ requestId, email, name, expiresAt, mode }): Promise<AccountAnswer> {
      // To open what exists without ever making one takes a call of the vendor's for just that.
      if (mode === "link") return { kind: "refused", code: "unsupported", unsent: true };
      const exchange = await call("/accounts", { email, name }, requestId);
      if (exchange.kind === "failure" || exchange.status !== 202) return readGrant(exchange, now());
      const url = readConsentUrl(textAt(exchange.body, ["consent_url"]));
      return url === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "consent", url, expiresAt };
    },

    async refresh(refreshToken) {
      return readGrant(await call("/token", { refresh_token: refreshToken.reveal() }), now());
    },
  });
}

function readGrant(exchange: JsonExchange, now: number): AccountAnswer {
  if (exchange.kind === "failure" || exchange.status !== 200) {
    const failure = readFailure(exchange);
    const isAboutAsker = exchange.kind === "answer" && exchange.status === 401;
    return failure.kind === "refused" && isAboutAsker
      ? { kind: "refused", code: failure.code, unsent: true }
      : failure;
  }
  const credentials = readBearer(exchange.body, now);
  return credentials === undefined
    ? { kind: "unknown", code: "malformed" }
    : { kind: "connected", credentials };
}
