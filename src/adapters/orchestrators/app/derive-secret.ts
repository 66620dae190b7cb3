import { createHmac } from "node:crypto";

/**
 * A secret of one request, base64url of 256 bits: repeatable for the same request, unknown to everybody else, and nowhere kept. `confirmation` ties a person's consent
 * to the request; `pkce` is the verifier of RFC 7636, without which a code that was stolen on its way is worth nothing.
 */
export function deriveSecret(
  signingSecret: string,
  purpose: "confirmation" | "pkce",
  requestId: string,
): string {
  return createHmac("sha256", signingSecret).update(`${purpose}:${requestId}`).digest("base64url");
}
