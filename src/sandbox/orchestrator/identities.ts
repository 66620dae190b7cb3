import type { KeyObject } from "node:crypto";
import { type Keyring, readPublicKeyX } from "../keyring.ts";

/** The orchestrators that the sandbox plays; `self` is one's own identity provider, `stripe-projects` what Stripe's CLI asks. */
export const ORCHESTRATOR_IDS = ["stripe", "self", "stripe-projects"] as const;
export type OrchestratorId = (typeof ORCHESTRATOR_IDS)[number];

/** An orchestrator's own secrets. */
export interface OrchestratorIdentity {
  readonly id: OrchestratorId;
  /** `acct_...`, the orchestrator's account for the principal. */
  readonly account: string;
  /** Key of the HMAC in `Stripe-Signature`. */
  readonly signingSecret: string;
  /** Ed25519 key of the JWT in `Stripe-Signature-V2`. */
  readonly signingKey: KeyObject;
  readonly keyId: string;
  /** The public half, base64url. */
  readonly publicKey: string;
}

/** The identities of this home; the same after every restart. */
export function deriveIdentities(keyring: Keyring): readonly OrchestratorIdentity[] {
  return ORCHESTRATOR_IDS.map((id) => {
    const signingKey = keyring.deriveSigningKey(`orchestrator:${id}`);
    return {
      id,
      account: `acct_1${keyring.deriveId(`account:${id}`, 15)}`,
      signingSecret: keyring.deriveSecret(`signing:${id}`, "whsec_"),
      signingKey,
      keyId: `kid_${keyring.deriveId(`kid:${id}`, 16)}`,
      publicKey: readPublicKeyX(signingKey),
    };
  });
}

/** The bearer with which a provider fetches an orchestrator's public keys. */
export function deriveProviderToken(
  keyring: Keyring,
  id: OrchestratorId,
  provider: string,
): string {
  return keyring.deriveSecret(`provider-token:${id}:${provider}`, "opt_");
}
