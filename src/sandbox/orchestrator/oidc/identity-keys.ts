import type { KeyObject } from "node:crypto";
import { type Keyring, readPublicKeyX } from "../../keyring.ts";

/** Of the platform whose signed-in users it vouches for, at its own identity provider. */
export const PLATFORM_CLIENT = "supercargo";

/** The keys of the sandbox's identity provider and of the platform that is its client; all Ed25519, the same after every restart. */
export interface IdentityKeys {
  readonly issuer: string;
  readonly keyId: string;
  readonly signingKey: KeyObject;
  readonly clientKey: KeyObject;
  /** Signs the cookies of a person's browser. */
  readonly cookieSecret: string;
}

export function deriveIdentityKeys(keyring: Keyring, controlUrl: string): IdentityKeys {
  return {
    issuer: `${controlUrl}/orchestrator/self/oidc`,
    keyId: `idp_${keyring.deriveId("idp", 16)}`,
    signingKey: keyring.deriveSigningKey("idp"),
    clientKey: keyring.deriveSigningKey("idp-client"),
    cookieSecret: keyring.deriveSecret("idp-cookies", "idc_"),
  };
}

/** The public half as a JSON Web Key for signatures. */
export function printPublicKey(key: KeyObject, kid: string) {
  return { kty: "OKP", crv: "Ed25519", x: readPublicKeyX(key), alg: "EdDSA", use: "sig", kid };
}
