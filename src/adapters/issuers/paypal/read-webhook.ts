import { verify, X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import type { WebhookAnswer, WebhookMessage } from "../contract.ts";
import { nameToken } from "../name-token.ts";
import { NoAnswerError, sendHttp } from "../send-http.ts";
import { PAYPAL_SANDBOX, type PaypalConnection, type PaypalOptions } from "./call-paypal.ts";
import paypal from "./index.ts";

/** Where PayPal's certificates are, for each address of its API; for any other address, there. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  "https://api-m.paypal.com": "https://api.paypal.com",
  [PAYPAL_SANDBOX]: "https://api.sandbox.paypal.com",
};
const CERTIFICATE_PATH = /^\/v1\/notifications\/certs\/[\w-]{1,128}$/;
const CERTIFICATES_MOST = 8;
const UNSIGNED: WebhookAnswer = { kind: "refused", code: "signature" };

/**
 * Reads webhooks by the method that PayPal prefers (https://developer.paypal.com/api/rest/webhooks/rest, self verification): RSA and SHA-256 over transmission, time,
 * our webhook's id and the body's CRC-32, under a certificate that is fetched from PayPal alone. PayPal repeats for three days, so no age is too old.
 */
export function createWebhookReader(
  { apiUrl = PAYPAL_SANDBOX, webhookId }: PaypalConnection,
  { fetch, now, repeats }: PaypalOptions,
): (message: WebhookMessage) => Promise<WebhookAnswer> {
  const origin = CERTIFICATES[apiUrl.replace(/\/$/, "")] ?? new URL(apiUrl).origin;
  const known = new Map<string, X509Certificate>();

  const findCertificate = async (address: string): Promise<X509Certificate | undefined> => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.origin !== origin || !CERTIFICATE_PATH.test(url.pathname)) return undefined;
    const fresh = `${origin}${url.pathname}`;
    const certificate = known.get(fresh) ?? (await fetchCertificate(fresh));
    if (certificate === undefined || !isInForce(certificate, now())) return undefined;
    if (known.size >= CERTIFICATES_MOST) known.clear();
    known.set(fresh, certificate);
    return certificate;
  };

  const fetchCertificate = async (url: string): Promise<X509Certificate | undefined> => {
    try {
      const answer = await sendHttp(fetch, url, { method: "GET" }, { repeats });
      return answer.status === 200 ? readCertificate(answer.text) : undefined;
    } catch (error) {
      if (error instanceof NoAnswerError) return undefined;
      throw error;
    }
  };

  return async ({ body, headers }) => {
    const at = (name: string): string => headers[`paypal-${name}`] ?? "";
    const signature = Buffer.from(at("transmission-sig"), "base64");
    // A lenient decoder leaves out what it does not know.
    const isExact = signature.toString("base64") === at("transmission-sig");
    if (webhookId === undefined || at("auth-algo") !== "SHA256withRSA" || !isExact) return UNSIGNED;
    const certificate = await findCertificate(at("cert-url"));
    if (certificate?.publicKey.asymmetricKeyType !== "rsa") return UNSIGNED;
    const signed = `${at("transmission-id")}|${at("transmission-time")}|${webhookId}|${crc32(body)}`;
    return verify("sha256", Buffer.from(signed), certificate.publicKey, signature)
      ? readEvent(body)
      : UNSIGNED;
  };
}

/** Events of https://developer.paypal.com/api/rest/webhooks/event-names/#payment-method-tokens. A capture names no payment token. */
function readEvent(body: string): WebhookAnswer {
  const event = parseJson(body);
  const type = textAt(event, ["event_type"]);
  if (type === undefined) return { kind: "refused", code: "malformed" };
  const isToken = type.startsWith("VAULT.PAYMENT-TOKEN.");
  const id = isToken ? textAt(event, ["resource", "id"]) : undefined;
  return {
    kind: "event",
    about: type === "VAULT.PAYMENT-TOKEN.DELETED" ? "ended" : "other",
    reference: id && nameToken(paypal.id, id),
  };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function isInForce({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now < Date.parse(validTo);
}
