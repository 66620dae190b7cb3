import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";

/** How far a signature's time may be from now, both ways. */
export const SIGNATURE_TOLERANCE_S = 300;

/**
 * Verifies `Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`, an HMAC-SHA-256 of `<t>.<body>`. Several `v1` stand beside each other while a
 * secret is rotated; one that fits is enough. Compares in constant time.
 */
export function verifySignatureV1(input: {
  readonly header: string;
  readonly body: string;
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): boolean {
  const parts = input.header.split(",").map((part) => part.trim().split("="));
  const time = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(input.now / 1000 - Number(time)) > SIGNATURE_TOLERANCE_S) return false;
  const expected = createHmac("sha256", input.secret).update(`${time}.${input.body}`).digest();
  return parts.some(([name, value = ""]) => {
    if (name !== "v1" || !/^[0-9a-f]{64}$/.test(value)) return false;
    return timingSafeEqual(expected, Buffer.from(value, "hex"));
  });
}

/**
 * Verifies `Stripe-Signature-V2`: a JWT (`alg` EdDSA, `typ` JWT, `kid`) whose claims bind version 1, the method, the SHA-256 of the body, an expiry, and the URL when
 * there is a claim for it. `x` is the orchestrator's public key with that `kid`, base64url.
 */
export function verifySignatureV2(input: {
  readonly jwt: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly findKey: (keyId: string) => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): boolean {
  const [head = "", claims = "", signature = "", ...rest] = input.jwt.split(".");
  const header = readJson(head);
  if (rest.length > 0 || header?.alg !== "EdDSA" || header.typ !== "JWT") return false;
  const x = typeof header.kid === "string" ? input.findKey(header.kid) : undefined;
  if (x === undefined) return false;
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify(null, signed, key, Buffer.from(signature, "base64url"))) return false;
  const payload = readJson(claims);
  const digest = createHash("sha256").update(input.body).digest("base64url");
  return (
    payload?.version === 1 &&
    payload.htm === input.method &&
    payload.digest === digest &&
    typeof payload.exp === "number" &&
    payload.exp * 1000 > input.now &&
    (payload.url === undefined || payload.url === input.url)
  );
}

function readJson(base64url: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
