import type { Fetch } from "../../util/fetch-json.ts";
import { isNeverSent } from "../../util/is-never-sent.ts";
import { memberAt, textAt } from "../../util/json-access.ts";
import type { WebhookAnswer, WebhookMessage } from "./contract.ts";
import { isBeforeTheKey } from "./is-before-the-key.ts";

/** How to reach Stripe. `secretKey` and `webhookSecret` are secret: never log. */
export interface StripeAccess {
  readonly secretKey: string;
  /** Scheme, host and port; `/v1/...` hangs below. Default: Stripe's own host over https. */
  readonly apiUrl?: string | undefined;
  /** Signing secret of the webhook endpoint, `whsec_...`; without it no webhook is believed. */
  readonly webhookSecret?: string | undefined;
}

export interface StripeOptions {
  readonly fetch: Fetch;
  /** For `Stripe-Version`. */
  readonly apiVersion?: string | undefined;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
  /** Repeats by the SDK, always under the same idempotency key, default 2. */
  readonly maxNetworkRetries?: number | undefined;
}

/** What an exchange proved. `refused` with `unreachable`: nothing was received. */
export type StripeAnswer =
  | { readonly kind: "object"; readonly body: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

export type StripeExchange = (
  method: "GET" | "POST",
  path: string,
  parameters?: Readonly<Record<string, unknown>>,
  idempotencyKey?: string,
) => Promise<StripeAnswer>;

/** Exchanges with Stripe through its SDK, loaded at the first use: it is heavy, and most commands never issue anything. */
export function createStripeExchange(access: StripeAccess, options: StripeOptions): StripeExchange {
  const { apiVersion } = options;
  return async (method, path, parameters, idempotencyKey) => {
    const { default: StripeClient } = await import("stripe");
    const watched = watchFetch(options.fetch);
    const stripe = new StripeClient(access.secretKey, {
      httpClient: StripeClient.createFetchHttpClient(watched.fetch),
      timeout: options.timeout ?? 30_000,
      maxNetworkRetries: options.maxNetworkRetries ?? 2,
      telemetry: false,
      ...splitUrl(access.apiUrl),
    });
    try {
      // The SDK's raw requests take parameters of a GET in the path only.
      const target = method === "GET" ? `${path}${printQuery(parameters)}` : path;
      const sent = method === "GET" ? undefined : parameters;
      const body: unknown = await stripe.rawRequest(method, target, sent, {
        ...(apiVersion === undefined ? {} : { apiVersion }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      return { kind: "object", body };
    } catch (error) {
      if (watched.isNeverSent()) return { kind: "refused", code: "unreachable" };
      return classify(error, watched.hasSilence());
    }
  };
}

/**
 * Reads a webhook as https://docs.stripe.com/webhooks/signature tells: HMAC-SHA256 over time and body, at most 300 seconds old. Undefined when it is not
 * signed by Stripe.
 */
export async function readStripeWebhook(
  access: StripeAccess,
  { body, headers }: WebhookMessage,
): Promise<{ readonly type: string; readonly object: unknown } | undefined> {
  const { default: StripeClient } = await import("stripe");
  if (access.webhookSecret === undefined) return undefined;
  try {
    const stripe = new StripeClient(access.secretKey, { telemetry: false });
    const signature = headers["stripe-signature"] ?? "";
    const event: unknown = await stripe.webhooks.constructEventAsync(
      body,
      signature,
      access.webhookSecret,
    );
    const type = textAt(event, ["type"]);
    return type === undefined ? undefined : { type, object: memberAt(event, "data", "object") };
  } catch {
    return undefined;
  }
}

/** What is answered for a webhook that nobody signed. */
export const UNSIGNED: WebhookAnswer = { kind: "refused", code: "signature" };

const ANSWER_BYTES_MAX = 1_048_576;
const MALFORMED = { error: { type: "api_error", message: "the answer has another form" } };

/**
 * The SDK never settles on JSON that is no object, and rejects unhandled: such an answer becomes an error of the API before it gets there,
 * as does one of more than 1 MiB. Tells afterwards whether any attempt was sent, and whether one that may have done it was followed by another.
 */
function watchFetch(fetch: Fetch): {
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  isNeverSent(): boolean;
  hasSilence(): boolean;
} {
  const attempts: ("unsent" | "silent" | "answered")[] = [];
  const send = async (url: string, init?: RequestInit): Promise<Response> => {
    const attempt = attempts.push("silent") - 1;
    try {
      const response = await fetch(url, { ...init, redirect: "manual" });
      if (response.status < 500) attempts[attempt] = "answered";
      return response;
    } catch (error) {
      if (isNeverSent(error)) attempts[attempt] = "unsent";
      throw error;
    }
  };
  return {
    async fetch(input, init) {
      const response = await send(String(input), init);
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > ANSWER_BYTES_MAX) return Response.json(MALFORMED, { status: 502 });
        chunks.push(chunk);
      }
      const text = new TextDecoder().decode(Buffer.concat(chunks));
      return isAnswer(text)
        ? new Response(text, { status: response.status, headers: response.headers })
        : Response.json(MALFORMED, { status: 502 });
    },
    isNeverSent: () => attempts.length > 0 && attempts.every((attempt) => attempt === "unsent"),
    hasSilence: () => attempts.slice(0, -1).includes("silent"),
  };
}

function isAnswer(text: string): boolean {
  const isObject = (value: unknown): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  try {
    const answer: unknown = JSON.parse(text);
    const error = memberAt(answer, "error");
    return isObject(answer) && (error === undefined || isObject(error));
  } catch {
    return false;
  }
}

/** Maps an SDK error to what it proves. Only Stripe's own 4xx answers about this request are a definite no, and after a silence only those that know its key. */
function classify(error: unknown, isAfterSilence: boolean): StripeAnswer {
  const status = memberAt(error, "statusCode");
  const type = textAt(error, ["rawType"]) ?? "";
  const code = textAt(error, ["code"], /^[a-z][a-z0-9_]{0,63}$/);
  if (typeof status !== "number") return { kind: "unknown", code: "no_answer" };
  if (status === 404 && code === "resource_missing") return { kind: "absent" };
  if (type === "idempotency_error" || type === "api_error" || status >= 500)
    return { kind: "unknown", code: type === "" ? "api_error" : type };
  if (status === 408 || status === 409 || status === 429)
    return { kind: "unknown", code: code ?? "try_again" };
  if (isAfterSilence && isBeforeTheKey(status))
    return { kind: "unknown", code: code ?? "try_again" };
  if (status === 401 || status === 403)
    return { kind: "refused", code: status === 401 ? "unauthorized" : "forbidden" };
  if (status >= 400) return { kind: "refused", code: code ?? (type === "" ? "refused" : type) };
  return { kind: "unknown", code: "malformed" };
}

/** Texts, and lists of texts as `name[]`. */
function printQuery(parameters: Readonly<Record<string, unknown>> = {}): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    Array.isArray(value) ? value.map((one) => [`${name}[]`, String(one)]) : [[name, String(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

function splitUrl(text: string | undefined) {
  if (text === undefined) return {};
  const { protocol, hostname, port } = new URL(text);
  const isPlain = protocol === "http:";
  return {
    host: hostname,
    port: port === "" ? (isPlain ? 80 : 443) : Number(port),
    protocol: isPlain ? ("http" as const) : ("https" as const),
  };
}
