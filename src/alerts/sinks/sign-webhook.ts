import { createHmac } from "node:crypto";
import { Secret } from "../../util/secret.ts";

/** The headers of a signed message. */
export interface WebhookHeaders {
  readonly "webhook-id": string;
  /** Seconds since the epoch, of the attempt. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/**
 * Signs a message as Standard Webhooks does (spec/standard-webhooks.md, "Signature scheme"): HMAC-SHA256 over `id.timestamp.body`. The id must hold
 * no full stop.
 */
export function signWebhook(
  key: Secret,
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
): WebhookHeaders {
  const signature = createHmac("sha256", Buffer.from(key.reveal(), "base64"))
    .update(`${id}.${seconds}.${body}`)
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${signature}`,
  };
}

/** Reads a signing secret: `whsec_` and 24 to 64 bytes in base64. Undefined for any other form. */
export function readSigningKey(text: string): Secret | undefined {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? "";
  const bytes = Buffer.from(base64, "base64");
  const isSound = bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === base64;
  return isSound ? new Secret(base64) : undefined;
}
