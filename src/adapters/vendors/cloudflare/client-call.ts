import { type Fetch, fetchJson } from "../../../util/fetch-json.ts";
import { listAt, memberAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";

/** Neither a yes nor an absence. */
export interface Failure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}

export type CallAnswer =
  | { readonly kind: "result"; readonly status: number; readonly result: unknown }
  | { readonly kind: "absent" }
  | Failure;

/** One exchange with the v4 API, its envelope taken off. */
export type CloudflareCall = (request: {
  readonly credential: Secret;
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  readonly path: string;
  readonly body?: unknown;
}) => Promise<CallAnswer>;

/** Statuses that say nothing about whether the act happened. */
const DOUBTFUL = new Set([408, 409, 425, 429]);

/**
 * Reads the envelope `{success, errors[{code}], result}`. 404 is `absent`; other 4xx are a definite no with the code `cf_<number>`;
 * 408, 409, 425, 429, 5xx, timeouts and answers of another form are unknown. Texts of the answer are dropped.
 */
export function createCloudflareCall(
  endpoint: string,
  fetch: Fetch,
  timeout: number,
): CloudflareCall {
  return async ({ credential, method = "GET", path, body }) => {
    const headers: Record<string, string> = {
      Accept: "application/json",
      Authorization: `Bearer ${credential.reveal()}`,
    };
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const exchange = await fetchJson(fetch, `${endpoint}${path}`, init, timeout);
    if (exchange.kind === "failure") {
      const kind = exchange.failure === "unreachable" ? "refused" : "unknown";
      return { kind, code: exchange.failure };
    }
    const { status } = exchange;
    const success = memberAt(exchange.body, "success");
    if (status >= 200 && status < 300 && success === true)
      return { kind: "result", status, result: memberAt(exchange.body, "result") };
    if (status === 404 && success === false) return { kind: "absent" };
    const code = readCode(exchange.body);
    if (status < 400 || status >= 500 || DOUBTFUL.has(status) || success !== false)
      return { kind: "unknown", code };
    return { kind: "refused", code };
  };
}

function readCode(body: unknown): string {
  const code = memberAt(listAt(body, "errors")?.[0], "code");
  return typeof code === "number" && Number.isSafeInteger(code) ? `cf_${code}` : "malformed";
}
