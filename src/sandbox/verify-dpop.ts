import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";
import type { SandboxStore } from "./context.ts";

/** How old a proof may be, and how far ahead, in seconds (RFC 9449 leaves it to the server). */
const PROOF_AGE_S = 300;

/**
 * Verifies the header `DPoP` (RFC 9449): type, key, method, address without query, age, the access token's hash where there is one, and that it was not
 * used before. Answers with the key's thumbprint. `now` is the machine's time in milliseconds.
 */
export async function verifyDpop(
  store: SandboxStore,
  call: {
    readonly proof: string | null;
    readonly method: string;
    readonly url: URL;
    readonly accessToken?: string | undefined;
    readonly now: number;
  },
): Promise<string | undefined> {
  if (call.proof === null) return undefined;
  try {
    const { payload, protectedHeader } = await jwtVerify(call.proof, EmbeddedJWK, {
      typ: "dpop+jwt",
      algorithms: ["EdDSA", "Ed25519", "ES256"],
      maxTokenAge: PROOF_AGE_S,
      requiredClaims: ["htm", "htu", "jti", "iat"],
      currentDate: new Date(call.now),
    });
    const { htm, htu, jti, ath } = payload;
    if (protectedHeader.jwk === undefined || htm !== call.method) return undefined;
    if (htu !== `${call.url.origin}${call.url.pathname}`) return undefined;
    const expected = createHash("sha256")
      .update(call.accessToken ?? "")
      .digest("base64url");
    if (call.accessToken !== undefined && ath !== expected) return undefined;
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk);
    return isFirstUse(store, `dpop ${thumbprint} ${String(jti)}`, call.now)
      ? thumbprint
      : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers something that may be used once. Collection `used-once`, by what it is. */
export function isFirstUse(store: SandboxStore, what: string, now: number): boolean {
  const id = createHash("sha256").update(what).digest("hex");
  const used = store.collection<{ readonly at: number }>("used-once");
  if (used.get(id) !== undefined) return false;
  used.put(id, { at: now });
  return true;
}
