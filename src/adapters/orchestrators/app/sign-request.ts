import { createHmac } from "node:crypto";

/**
 * The header `Stripe-Signature` of provisioning protocol 0.1d: `t=<unix seconds>,v1=<hex HMAC-SHA256(secret, "t.body")>`
 * (protocol 2.6). A request without a body signs the empty text.
 */
export function signRequest(secret: string, seconds: number, body: string): string {
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

/** The secret that ties a person's consent to our request: repeatable for the same request, unknown to everybody else. */
export function confirmationSecret(secret: string, requestId: string): string {
  return createHmac("sha256", secret).update(`confirmation:${requestId}`).digest("base64url");
}
