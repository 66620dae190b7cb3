import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import type { AppConnection } from "./connection.ts";

/** What of a call its signatures bind. */
export interface SignedCall {
  readonly method: string;
  readonly url: string;
  /** Empty where there is none. */
  readonly body: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
}

/** How long the second signature holds; the first one is good for as long (protocol 2.6). */
const LIFE_S = 300;

/**
 * The headers that prove a call of provisioning protocol 0.1d (2.6): `Stripe-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, "t.body")>`, and with a key
 * `Stripe-Signature-V2`, a JWT by Ed25519 that binds the method, the URL and the body's digest as well.
 */
export function signRequest(
  { signingSecret, keyId, signingKey }: AppConnection,
  call: SignedCall,
): Readonly<Record<string, string>> {
  const { method, url, body, seconds } = call;
  const mac = createHmac("sha256", signingSecret).update(`${seconds}.${body}`).digest("hex");
  const first = { "Stripe-Signature": `t=${seconds},v1=${mac}` };
  if (keyId === undefined || signingKey === undefined) return first;
  const digest = createHash("sha256").update(body).digest("base64url");
  const text = [
    { alg: "EdDSA", typ: "JWT", kid: keyId },
    { version: 1, htm: method, url, digest, exp: seconds + LIFE_S },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const key = createPrivateKey({ key: signingKey, format: "jwk" });
  const signature = sign(null, Buffer.from(text), key).toString("base64url");
  return { ...first, "Stripe-Signature-V2": `${text}.${signature}` };
}
