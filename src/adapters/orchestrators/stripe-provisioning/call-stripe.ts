import { fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { type Failure, readFailure } from "../read-answers.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** One call of the preview: as the platform, in the connected account's context. `key` makes a repetition answer alike. */
export function callStripe(
  options: StripeProvisioningOptions,
  method: "GET" | "POST",
  path: string,
  body?: object,
  key?: string,
): Promise<JsonExchange> {
  const { url = "https://api.stripe.com", version = "2026-09-30.preview", timeout } = options;
  const headers: Record<string, string> = {
    Accept: "application/json",
    Authorization: `Bearer ${options.secretKey.reveal()}`,
    "Stripe-Version": version,
    "Stripe-Context": options.connectedAccount,
  };
  if (method === "POST") headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  const init: RequestInit =
    method === "POST" ? { method, headers, body: JSON.stringify(body ?? {}) } : { method, headers };
  return fetchJson(options.fetch, `${url}/v2/provisioning${path}`, init, timeout ?? 30_000);
}

/** The body of a success, or why there is none. */
export function readBody(
  exchange: JsonExchange,
): { readonly kind: "body"; readonly body: unknown } | Failure {
  return exchange.kind === "answer" && exchange.status < 300
    ? { kind: "body", body: exchange.body }
    : readFailure(exchange);
}

/** Whether Stripe itself says that there is no such object. Any other 404, e.g. of a proxy, says nothing. */
export function isAbsent(exchange: JsonExchange): boolean {
  return (
    exchange.kind === "answer" &&
    exchange.status === 404 &&
    textAt(exchange.body, ["error", "code"], /^[a-z][a-z0-9_]{0,63}$/) !== undefined
  );
}
