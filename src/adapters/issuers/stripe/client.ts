import type Stripe from "stripe";
import type { Fetch } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Money } from "../../../util/money.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { IssueAnswer, Issuer, PaymentTokenState } from "../contract.ts";

/** How to reach Stripe. `secretKey` is secret: never log. */
export interface StripeConnection {
  readonly secretKey: string;
  /** The payment method that tokens stand for, `pm_...`. */
  readonly paymentMethod: string;
  /** Default `2026-04-22.preview`. */
  readonly apiVersion?: string | undefined;
  /** Default: Stripe's own host over https. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly protocol?: "http" | "https" | undefined;
}

export interface StripeOptions {
  readonly fetch: Fetch;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
  /** Repeats by the SDK, always under the same idempotency key, default 2. */
  readonly maxNetworkRetries?: number | undefined;
}

const PATH = "/v1/shared_payment/issued_tokens";
const TOKEN_ID = /^spt_[A-Za-z0-9_]{4,200}$/;
/** Stripe's minor units of these differ from ISO 4217 (docs.stripe.com/currencies, special cases). */
const UNSUPPORTED = new Set(["ISK", "UGX"]);

type Exchange =
  | { readonly kind: "object"; readonly body: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** Issues Stripe shared payment tokens (see README.md beside this file for the facts it rests on). */
export function createStripeIssuer(connection: StripeConnection, options: StripeOptions): Issuer {
  const exchange = createExchange(connection, options);

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    if (!TOKEN_ID.test(token.reveal())) return { kind: "absent" };
    const answer = await exchange("GET", `${PATH}/${token.reveal()}`);
    if (answer.kind === "object") return readState(answer.body);
    if (answer.kind === "absent") return answer;
    return { kind: "unknown", code: answer.code };
  };

  const revoke = async (token: Secret): Promise<PaymentTokenState> => {
    if (TOKEN_ID.test(token.reveal()))
      await exchange(
        "POST",
        `${PATH}/${token.reveal()}/revoke`,
        {},
        `revoke-${sha256(token.reveal())}`,
      );
    return read(token);
  };

  return {
    id: "stripe",
    capabilities: {
      amountCap: true,
      resets: false,
      payeeBound: true,
      expires: true,
      revocable: true,
    },

    async isHealthy() {
      const answer = await exchange("GET", `${PATH}/spt_none0000`);
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue({ key, payee, cap, expiresAt }): Promise<IssueAnswer> {
      if (UNSUPPORTED.has(cap.currency)) return { kind: "refused", code: "currency_unsupported" };
      const expiry = Math.floor(Date.parse(expiresAt) / 1000);
      const parameters = {
        payment_method: connection.paymentMethod,
        seller_details: { network_business_profile: payee },
        usage_limits: {
          currency: cap.currency.toLowerCase(),
          max_amount: cap.minor.toString(),
          expires_at: expiry,
        },
      };
      const answer = await exchange("POST", PATH, parameters, key);
      if (answer.kind === "absent") return { kind: "refused", code: "resource_missing" };
      if (answer.kind !== "object") return answer;
      const id = textAt(answer.body, ["id"], TOKEN_ID);
      if (id === undefined) return { kind: "unknown", code: "malformed" };
      const token = new Secret(id);
      const fault = findFault(answer.body, cap, expiry);
      if (fault === undefined)
        return {
          kind: "issued",
          token,
          reference: `stripe:${sha256(id).slice(0, 16)}`,
          expiresAt: new Date(expiry * 1000).toISOString(),
        };
      const state = await revoke(token);
      const dead = state.kind === "deactivated" || state.kind === "absent";
      return { kind: dead ? "refused" : "unknown", code: fault };
    },

    read,
    revoke,
  };
}

/** Loads the SDK at the first use: it is heavy, and most commands never issue anything. */
function createExchange(connection: StripeConnection, options: StripeOptions) {
  let client: Promise<Stripe> | undefined;
  const open = async (): Promise<Stripe> => {
    const { default: StripeClient } = await import("stripe");
    return new StripeClient(connection.secretKey, {
      httpClient: StripeClient.createFetchHttpClient(guardAnswers(options.fetch)),
      timeout: options.timeout ?? 30_000,
      maxNetworkRetries: options.maxNetworkRetries ?? 2,
      telemetry: false,
      ...(connection.host === undefined ? {} : { host: connection.host }),
      ...(connection.port === undefined ? {} : { port: connection.port }),
      ...(connection.protocol === undefined ? {} : { protocol: connection.protocol }),
    });
  };
  return async (
    method: "GET" | "POST",
    path: string,
    parameters?: Readonly<Record<string, unknown>>,
    idempotencyKey?: string,
  ): Promise<Exchange> => {
    client ??= open();
    const stripe = await client;
    try {
      const body: unknown = await stripe.rawRequest(method, path, parameters, {
        apiVersion: connection.apiVersion ?? "2026-04-22.preview",
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      return { kind: "object", body };
    } catch (error) {
      return classify(error);
    }
  };
}

const ANSWER_BYTES_MAX = 1_048_576;
const MALFORMED = { error: { type: "api_error", message: "the answer has another form" } };

/**
 * The SDK never settles on JSON that is no object, and rejects unhandled: such an answer becomes an error of the API before it gets there,
 * as does one of more than 1 MiB.
 */
function guardAnswers(
  fetch: Fetch,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const response = await fetch(String(input), { ...init, redirect: "manual" });
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

/** Maps an SDK error to what it proves. Only Stripe's own 4xx answers about this request are a definite no. */
function classify(error: unknown): Exchange {
  const status = memberAt(error, "statusCode");
  const type = textAt(error, ["rawType"]) ?? "";
  const code = textAt(error, ["code"], /^[a-z][a-z0-9_]{0,63}$/);
  if (typeof status !== "number") return { kind: "unknown", code: "no_answer" };
  if (status === 404 && code === "resource_missing") return { kind: "absent" };
  if (type === "idempotency_error" || type === "api_error" || status >= 500)
    return { kind: "unknown", code: type === "" ? "api_error" : type };
  if (status === 408 || status === 409 || status === 429)
    return { kind: "unknown", code: code ?? "try_again" };
  if (status >= 400) return { kind: "refused", code: code ?? (type === "" ? "refused" : type) };
  return { kind: "unknown", code: "malformed" };
}

function findFault(body: unknown, cap: Money, expiry: number): string | undefined {
  if (memberAt(body, "status") !== "active")
    return memberAt(body, "status") === "requires_action" ? "requires_action" : "not_active";
  const limits = memberAt(body, "usage_limits");
  const exact =
    memberAt(limits, "currency") === cap.currency.toLowerCase() &&
    readAmount(memberAt(limits, "max_amount")) === cap.minor &&
    memberAt(limits, "expires_at") === expiry;
  return exact ? undefined : "wrong_limits";
}

function readState(body: unknown): PaymentTokenState {
  const status = memberAt(body, "status");
  const limits = memberAt(body, "usage_limits");
  const currency = textAt(limits, ["currency"], /^[a-z]{3}$/)?.toUpperCase();
  const details = memberAt(body, "usage_details", "amount_captured");
  const minor =
    details === undefined || details === null ? 0n : readAmount(memberAt(details, "value"));
  const expiry = memberAt(limits, "expires_at");
  if (currency === undefined || minor === undefined) return { kind: "unknown", code: "malformed" };
  const captured = { currency, minor };
  if (status === "active" && typeof expiry === "number")
    return { kind: "active", captured, expiresAt: new Date(expiry * 1000).toISOString() };
  if (status === "deactivated" || status === "revoked") {
    const reason = textAt(body, ["deactivated_reason"], /^[a-z_]{1,32}$/) ?? "revoked";
    return { kind: "deactivated", reason, captured };
  }
  return { kind: "unknown", code: status === "requires_action" ? "requires_action" : "malformed" };
}

function readAmount(value: unknown): bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? BigInt(value) : undefined;
}
