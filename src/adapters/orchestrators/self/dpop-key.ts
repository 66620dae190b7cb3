import { createHash, randomUUID } from "node:crypto";
import { Secret } from "../../../util/secret.ts";
import type { AdapterVault } from "../vault.ts";

/** The key that tokens are bound to (RFC 9449): stolen, they are worth nothing without it. */
export interface DpopKey {
  /** The header `DPoP` for one call. */
  prove(call: {
    readonly method: string;
    readonly url: string;
    readonly accessToken?: Secret | undefined;
    /** Milliseconds since the epoch, real time. */
    readonly now: number;
  }): Promise<string>;
}

/** Reads the key from the vault, made when there is none. */
export async function openDpopKey(vault: AdapterVault, name: string): Promise<DpopKey> {
  const { exportJWK, generateKeyPair, importJWK, SignJWT } = await import("jose");
  const kept = await vault.read(name);
  const jwk =
    kept === undefined
      ? await exportJWK((await generateKeyPair("EdDSA", { extractable: true })).privateKey)
      : (JSON.parse(kept.reveal()) as { readonly kty: string });
  if (kept === undefined) await vault.write(name, new Secret(JSON.stringify(jwk)));
  const key = await importJWK(jwk, "EdDSA");
  const { kty, crv, x } = jwk as { readonly kty: string; readonly crv: string; readonly x: string };
  return {
    prove({ method, url, accessToken, now }) {
      const { origin, pathname } = new URL(url);
      const hash = (token: string) => createHash("sha256").update(token).digest("base64url");
      const ath = accessToken === undefined ? {} : { ath: hash(accessToken.reveal()) };
      return new SignJWT({ htm: method, htu: `${origin}${pathname}`, ...ath })
        .setProtectedHeader({ alg: "EdDSA", typ: "dpop+jwt", jwk: { kty, crv, x } })
        .setIssuedAt(Math.floor(now / 1000))
        .setJti(randomUUID())
        .sign(key);
    },
  };
}
