import type { JsonWebKey } from "node:crypto";
import type { SandboxContext } from "./context.ts";
import type { OrchestratorId, OrchestratorIdentity } from "./orchestrator/identities.ts";
import { deriveSellerProfile } from "./seller-profile.ts";

/** `GET /sandbox/connection`: all that a broker needs to work against this sandbox. Holds secrets. */
export interface SandboxConnection {
  readonly controlUrl: string;
  readonly appPort: number;
  readonly orchestrators: Readonly<Record<OrchestratorId, OrchestratorConnectionInfo>>;
  /** By provider, lower case. */
  readonly providers: Readonly<
    Record<string, { readonly url: string; readonly sellerProfile: string }>
  >;
  /** By payment partner, as its adapter wants it. */
  readonly issuers: SandboxIssuers;
  readonly cloudflare: { readonly endpoint: string };
}

/** Keys and addresses of the payment partners that the sandbox plays. */
export interface SandboxIssuers {
  readonly stripe: {
    /** Scheme, host and port; `/v1/...` hangs below. */
    readonly apiUrl: string;
    readonly secretKey: string;
    /** For `Stripe-Version`. */
    readonly apiVersion: string;
    readonly paymentMethod: string;
  };
}

interface OrchestratorConnectionInfo {
  readonly account: string;
  readonly signingSecret: string;
  /** For `Stripe-Signature-V2`. */
  readonly keyId: string;
  /** Private Ed25519 key. */
  readonly signingKey: JsonWebKey;
  readonly callbackUrl: string;
}

/** Collects it. */
export function buildConnection(
  context: Pick<SandboxContext, "controlUrl" | "appPort">,
  input: {
    readonly identities: readonly OrchestratorIdentity[];
    readonly providers: readonly string[];
    readonly stripeSecretKey: string;
  },
): SandboxConnection {
  const { controlUrl, appPort } = context;
  const orchestrators = Object.fromEntries(
    input.identities.map((identity) => [
      identity.id,
      {
        account: identity.account,
        signingSecret: identity.signingSecret,
        keyId: identity.keyId,
        signingKey: identity.signingKey.export({ format: "jwk" }),
        callbackUrl: `${controlUrl}/orchestrator/${identity.id}/callback`,
      },
    ]),
  ) as Record<OrchestratorId, OrchestratorConnectionInfo>;
  const providers = Object.fromEntries(
    input.providers.map((provider) => [
      provider,
      {
        url: `${controlUrl}/providers/${encodeURIComponent(provider)}`,
        sellerProfile: deriveSellerProfile(provider),
      },
    ]),
  );
  return {
    controlUrl,
    appPort,
    orchestrators,
    providers,
    issuers: {
      stripe: {
        apiUrl: controlUrl,
        secretKey: input.stripeSecretKey,
        apiVersion: "2026-09-30.preview",
        paymentMethod: "pm_card_visa",
      },
    },
    cloudflare: { endpoint: `${controlUrl}/client/v4` },
  };
}
