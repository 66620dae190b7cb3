import type { JsonWebKey } from "node:crypto";
import type { SandboxContext } from "./context.ts";
import { dockerSocket } from "./docker/docker-socket.ts";
import { derivePayees, type SandboxIssuers } from "./issuer/derive-issuers.ts";
import type { OrchestratorId, OrchestratorIdentity } from "./orchestrator/identities.ts";
import { type IdentityKeys, PLATFORM_CLIENT } from "./orchestrator/oidc/identity-keys.ts";
import { deriveSellerProfile } from "./seller-profile.ts";

/** `GET /sandbox/connection`: all that a broker needs to work against this sandbox. Holds secrets. */
export interface SandboxConnection {
  readonly controlUrl: string;
  readonly appPort: number;
  readonly orchestrators: Readonly<Record<OrchestratorId, OrchestratorConnectionInfo>>;
  /** By provider, lower case. */
  readonly providers: Readonly<
    Record<
      string,
      {
        readonly url: string;
        readonly sellerProfile: string;
        readonly payees: Readonly<Record<string, string>>;
      }
    >
  >;
  /** By payment partner, as its adapter wants it. */
  readonly issuers: SandboxIssuers;
  /** What an engine's environment says, so that native resources go to this sandbox. */
  readonly engine: Readonly<Record<string, string>>;
  readonly cloudflare: {
    readonly endpoint: string;
    /** Nobody's terms are at stake here: they count as accepted. */
    readonly temporary: { readonly termsOfService: string; readonly privacyPolicy: string };
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
  /** The identity provider that vouches instead of signatures, where there is one. */
  readonly oidc?: OidcConnectionInfo | undefined;
}

interface OidcConnectionInfo {
  readonly issuer: string;
  readonly clientId: string;
  /** Private Ed25519 key with which the platform proves who it is. */
  readonly clientKey: JsonWebKey;
}

/** Collects it. */
export function buildConnection(
  context: Pick<SandboxContext, "controlUrl" | "appPort" | "folder">,
  input: {
    readonly identities: readonly OrchestratorIdentity[];
    readonly identityKeys: IdentityKeys;
    readonly providers: readonly string[];
    readonly issuers: SandboxIssuers;
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
        ...(identity.id === "self" ? { oidc: describeOidc(input.identityKeys) } : {}),
      },
    ]),
  ) as Record<OrchestratorId, OrchestratorConnectionInfo>;
  const providers = Object.fromEntries(
    input.providers.map((provider) => [
      provider,
      {
        url: `${controlUrl}/providers/${encodeURIComponent(provider)}`,
        sellerProfile: deriveSellerProfile(provider),
        payees: derivePayees(provider),
      },
    ]),
  );
  return {
    controlUrl,
    appPort,
    orchestrators,
    providers,
    issuers: input.issuers,
    engine: { DOCKER_HOST: `unix://${dockerSocket(context)}` },
    cloudflare: {
      endpoint: `${controlUrl}/client/v4`,
      temporary: {
        termsOfService: "https://www.cloudflare.com/terms/",
        privacyPolicy: "https://www.cloudflare.com/privacypolicy/",
      },
    },
  };
}

function describeOidc({ issuer, clientKey }: IdentityKeys): OidcConnectionInfo {
  return { issuer, clientId: PLATFORM_CLIENT, clientKey: clientKey.export({ format: "jwk" }) };
}
