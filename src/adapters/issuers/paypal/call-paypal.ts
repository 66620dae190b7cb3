import type { Fetch } from "../../../util/fetch-json.ts";
import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import { isBeforeTheKey } from "../is-before-the-key.ts";
import { type HttpAnswer, NoAnswerError, sendHttp } from "../send-http.ts";

/** How to reach PayPal. `clientSecret` is secret: never log. */
export interface PaypalConnection {
  /** Scheme, host and port. Default: PayPal's sandbox. */
  readonly apiUrl?: string | undefined;
  /** The platform's REST app. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Payee, a merchant's PayPal account id -> the billing agreement that a person approved for it, `B-...`. */
  readonly agreements: Readonly<Record<string, string>>;
  /** The id of the webhook that PayPal sends to; without it no webhook is believed. */
  readonly webhookId?: string | undefined;
}

export interface PaypalOptions {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Further attempts of one request, default 2. */
  readonly repeats?: number | undefined;
}

/** What an exchange proved. `status` tells a new thing (201) from one that was there (200). */
export type PaypalAnswer =
  | { readonly kind: "object"; readonly status: number; readonly body: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

export interface PaypalRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** The merchant on whose behalf it is asked. */
  readonly payee?: string | undefined;
  readonly body?: object | undefined;
  /** `PayPal-Request-Id`. */
  readonly key?: string | undefined;
}

export const PAYPAL_SANDBOX = "https://api-m.sandbox.paypal.com";
/** Seconds before its end when an access token is not used any more. */
const MARGIN = 60;

/** Calls PayPal's REST API as the platform, with an access token that is kept in memory until shortly before it ends. */
export function createPaypalCall(
  connection: PaypalConnection,
  { fetch, now, repeats }: PaypalOptions,
): (request: PaypalRequest) => Promise<PaypalAnswer> {
  const { apiUrl = PAYPAL_SANDBOX, clientId, clientSecret } = connection;
  let access: { readonly token: string; readonly until: number } | undefined;

  const send = (path: string, init: RequestInit): Promise<HttpAnswer> =>
    sendHttp(fetch, `${apiUrl.replace(/\/$/, "")}${path}`, init, { repeats });

  const signIn = async (): Promise<string | PaypalAnswer> => {
    if (access !== undefined && now() < access.until) return access.token;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    const answer = await send("/v1/oauth2/token", {
      method: "POST",
      headers: {
        authorization: `Basic ${basic}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    const body = parseJson(answer.text);
    if (answer.status === 400 || answer.status === 401)
      return { kind: "refused", code: "unauthorized" };
    const token = textAt(body, ["access_token"], /^[\x21-\x7e]+$/);
    const seconds = memberAt(body, "expires_in");
    // Nothing was asked for yet.
    if (answer.status !== 200 || token === undefined || typeof seconds !== "number")
      return { kind: "unknown", code: "no_access_token" };
    access = { token, until: now() + (seconds - MARGIN) * 1000 };
    return token;
  };

  /** `before`: what is known of an attempt with another access token, and whether it may have arrived. */
  const attempt = async (
    request: PaypalRequest,
    before?: { readonly wasSilent: boolean },
  ): Promise<PaypalAnswer> => {
    const token = await signIn();
    if (typeof token !== "string")
      return before?.wasSilent ? { kind: "unknown", code: "no_answer" } : token;
    const { method, path, payee, body, key } = request;
    const answer = await send(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...(payee !== undefined && { "paypal-auth-assertion": assertMerchant(clientId, payee) }),
        ...(key !== undefined && { "paypal-request-id": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const isAfterSilence = before?.wasSilent === true || answer.isAfterSilence;
    if (answer.status === 401 && before === undefined) {
      // An access token can be taken back before its end.
      access = undefined;
      try {
        return await attempt(request, { wasSilent: isAfterSilence });
      } catch (error) {
        if (!isAfterSilence || !(error instanceof NoAnswerError)) throw error;
        return { kind: "unknown", code: error.code };
      }
    }
    return isAfterSilence && isBeforeTheKey(answer.status)
      ? { kind: "unknown", code: "no_answer" }
      : classify(answer);
  };

  return async (request) => {
    try {
      return await attempt(request);
    } catch (error) {
      if (error instanceof NoAnswerError) return { kind: error.kind, code: error.code };
      throw error;
    }
  };
}

/** An unsigned JWT that names the merchant (https://developer.paypal.com/api/rest/requests/#paypal-auth-assertion). */
function assertMerchant(clientId: string, payee: string): string {
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode({ iss: clientId, payer_id: payee })}.`;
}

function classify({ status, text }: HttpAnswer): PaypalAnswer {
  const body = parseJson(text);
  if (status >= 200 && status <= 299) return { kind: "object", status, body };
  if (status === 404) return { kind: "absent" };
  if (status === 401) return { kind: "refused", code: "unauthorized" };
  if (status === 403) return { kind: "refused", code: "forbidden" };
  if (status === 429) return { kind: "unknown", code: "rate_limited" };
  if (status === 409 || status < 400 || status >= 500)
    return { kind: "unknown", code: "try_again" };
  const code = readIssue(body);
  // The first request under this key is in doubt, not this one.
  return { kind: code === "paypal_request_id_previously_used" ? "unknown" : "refused", code };
}

/** PayPal's name for what is wrong, in our form of codes. */
function readIssue(body: unknown): string {
  const form = /^[A-Z_]{3,64}$/;
  const [detail] = listAt(body, "details") ?? [];
  return (
    textAt(detail, ["issue"], form) ??
    textAt(body, ["name"], form) ??
    "refused"
  ).toLowerCase();
}
