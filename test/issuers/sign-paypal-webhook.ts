import { sign } from "node:crypto";
import { crc32 } from "node:zlib";
import type { WebhookMessage } from "../../src/adapters/issuers/contract.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { createRsaCertificate } from "./create-rsa-certificate.ts";

const DAY = 86_400_000;
const CERTIFICATES = "/v1/notifications/certs";
const SIGNERS = {
  "CERT-1": createRsaCertificate(new Date(Date.now() + DAY)),
  "CERT-OLD": createRsaCertificate(new Date(Date.now() - DAY)),
} as const;
export type Signer = keyof typeof SIGNERS;

/** Answers for PayPal's certificates, by path on any host; the sandbox plays none. */
export function withCertificates(fetch: Fetch): Fetch {
  return (url, init) => {
    const { pathname } = new URL(url);
    const found = Object.entries(SIGNERS).find(
      ([name]) => pathname === `${CERTIFICATES}/${name}`,
    )?.[1];
    return found === undefined ? fetch(url, init) : Promise.resolve(new Response(found.pem));
  };
}

/** A webhook as PayPal signs it, with the certificate at `origin`. */
export function signPaypalWebhook(
  origin: string,
  webhookId: string,
  event: object,
  { certificate = "CERT-1", by = "CERT-1" }: { certificate?: string; by?: Signer } = {},
): WebhookMessage {
  const body = JSON.stringify(event);
  const [id, time] = ["69cd13f0-d67a-11e5-baa3-778b53f4ae55", "2026-02-18T20:01:35Z"];
  const signed = Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`);
  return {
    body,
    headers: {
      "paypal-transmission-id": id,
      "paypal-transmission-time": time,
      "paypal-transmission-sig": sign("sha256", signed, SIGNERS[by].key).toString("base64"),
      "paypal-cert-url": `${origin}${CERTIFICATES}/${certificate}`,
      "paypal-auth-algo": "SHA256withRSA",
    },
  };
}

/** PayPal says that a payment token was deleted. */
export function tellDeletion(id: string): object {
  return { event_type: "VAULT.PAYMENT-TOKEN.DELETED", resource: { id } };
}
