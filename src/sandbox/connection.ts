import type { JsonWebKey } from "node:crypto";
import { join } from "node:path";
import { NEON_PREFIX } from "./claimable/create-neon.ts";
import { CLOUD_NAMES } from "./cloud-names.ts";
import type { SandboxContext } from "./context.ts";
import { dockerSocket } from "./docker/docker-socket.ts";
import { derivePayees, type SandboxIssuers } from "./issuer/derive-issuers.ts";
import type { CloudConnection } from "./open-clouds.ts";
import type { OrchestratorId, OrchestratorIdentity } from "./orchestrator/identities.ts";
import { type IdentityKeys, PLATFORM_CLIENT } from "./orchestrator/oidc/identity-keys.ts";
import type { ProviderService } from "./providers/provider-service.ts";
import { deriveSellerProfile } from "./seller-profile.ts";

/** `GET /sandbox/connection`: all that a broker needs to work against this sandbox. Holds secrets. */
export interface SandboxConnection {
  readonly controlUrl: string;
  readonly appPort: number;
  /** By the manifest's word, as the adapter wants it. */
  readonly orchestrators: SandboxOrchestrators;
  /** What else an orchestrator has that the sandbox plays. */
  readonly identities: Readonly<Record<OrchestratorId, IdentityInfo>>;
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
  readonly cloudflare: { readonly endpoint: string };
}

/** An alias, for only that is a record, too. */
type SandboxOrchestrators = CloudConnection & {
  readonly stripe: Omit<IdentityInfo, "callbackUrl"> & {
    /** For PKCE. */
    readonly clientId: string;
  };
  readonly self: {
    readonly issuer: string;
    readonly clientId: string;
    /** Private Ed25519 key with which the platform proves who it is. */
    readonly clientKey: JsonWebKey;
  };
  readonly cloudflare: { readonly endpoint: string; readonly accepted: typeof ACCEPTED };
  readonly claimable: { readonly neon: { readonly url: string } };
  readonly "cloudflare-oauth": ReturnType<typeof describeCloudflareOauth>;
  /** Worth nothing before a person hands it over (`cloudflare/access/people.ts`). */
  readonly "cloudflare-token": { readonly endpoint: string; readonly token: string };
  readonly "stripe-provisioning": {
    readonly url: string;
    readonly secretKey: string;
    readonly connectedAccount: string;
    readonly plans: Readonly<Record<string, string>>;
    readonly limit: string;
  };
  readonly "stripe-projects": {
    readonly program: readonly [string, ...string[]];
    readonly env: Readonly<Record<string, string>>;
    readonly email: string;
    readonly plans: Readonly<Record<string, string>>;
    readonly termsAccepted: true;
  };
};

interface IdentityInfo {
  readonly account: string;
  readonly signingSecret: string;
  /** For `Stripe-Signature-V2`. */
  readonly keyId: string;
  /** Private Ed25519 key. */
  readonly signingKey: JsonWebKey;
  readonly callbackUrl: string;
}

/** Nobody's terms are at stake here: they count as accepted. */
const ACCEPTED = {
  termsOfService: "https://www.cloudflare.com/terms/",
  privacyPolicy: "https://www.cloudflare.com/privacypolicy/",
};

/** Who is logged in to the CLI where nobody said who. */
const SOMEBODY = "somebody@sandbox.example";
const STRIPE_CLI = join(import.meta.dirname, "stripe-cli/stripe.ts");

/** Collects it. */
export function buildConnection(
  context: Pick<SandboxContext, "controlUrl" | "appPort" | "folder">,
  input: {
    readonly identities: readonly OrchestratorIdentity[];
    readonly identityKeys: IdentityKeys;
    readonly providers: readonly string[];
    readonly issuers: SandboxIssuers;
    readonly handedToken: string;
    /** The personal access token of Netlify's one team. */
    readonly netlifyToken: string;
    /** The platform's customer at Stripe's Provisioning API. */
    readonly connectedAccount: string;
    readonly services: readonly ProviderService[];
    /** Of the played CLI. */
    readonly cliLogin: string;
    readonly clouds: CloudConnection;
  },
): SandboxConnection {
  const { controlUrl, appPort } = context;
  const identities = Object.fromEntries(
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
  ) as Record<OrchestratorId, IdentityInfo>;
  const providers = Object.fromEntries(
    [...input.providers, ...CLOUD_NAMES].map((provider) => [
      provider,
      {
        url: `${controlUrl}/providers/${encodeURIComponent(provider)}`,
        sellerProfile: deriveSellerProfile(provider),
        payees: derivePayees(provider),
      },
    ]),
  );
  const endpoint = `${controlUrl}/client/v4`;
  return {
    controlUrl,
    appPort,
    orchestrators: {
      stripe: describeSigner(identities.stripe),
      self: describeOidc(input.identityKeys),
      cloudflare: { endpoint, accepted: ACCEPTED },
      claimable: { neon: { url: `${controlUrl}${NEON_PREFIX}` } },
      ...input.clouds,
      "cloudflare-oauth": describeCloudflareOauth(controlUrl, endpoint),
      "cloudflare-token": { endpoint, token: input.handedToken },
      "stripe-provisioning": {
        url: controlUrl,
        secretKey: input.issuers.stripe.secretKey,
        connectedAccount: input.connectedAccount,
        plans: { cloudflare: "workers:free" },
        limit: "100.00 USD",
      },
      "stripe-projects": {
        program: [process.execPath, "--no-warnings", STRIPE_CLI],
        env: {
          SANDBOX_URL: controlUrl,
          SANDBOX_STRIPE_LOGIN: input.cliLogin,
          SANDBOX_STRIPE_PERSON: SOMEBODY,
        },
        email: SOMEBODY,
        plans: findFreePlans(input.services),
        termsAccepted: true,
      },
    },
    identities,
    providers,
    issuers: input.issuers,
    engine: {
      DOCKER_HOST: `unix://${dockerSocket(context)}`,
      NETLIFY_API_URL: `${controlUrl}/netlify/api/v1`,
      NETLIFY_AUTH_TOKEN: input.netlifyToken,
    },
    cloudflare: { endpoint },
  };
}

function describeSigner({ account, signingSecret, keyId, signingKey }: IdentityInfo) {
  return { account, signingSecret, keyId, signingKey, clientId: "supercargo" };
}

function describeCloudflareOauth(controlUrl: string, endpoint: string) {
  const base = `${controlUrl}/cloudflare`;
  return {
    endpoint,
    clientId: "supercargo",
    authorizeUrl: `${base}/oauth2/auth`,
    tokenUrl: `${base}/oauth2/token`,
    revokeUrl: `${base}/oauth2/revoke`,
    redirectUri: `${base}/oauth-callback`,
    callbackUrl: `${base}/oauth-answers`,
  };
}

/** The connection with a person logged in to the played CLI: whoever asks for it says who, as at the sandbox's other sign-ins. */
export function logIn(connection: SandboxConnection, person: string | null): SandboxConnection {
  if (person === null) return connection;
  const part = connection.orchestrators["stripe-projects"];
  const env = { ...part.env, SANDBOX_STRIPE_PERSON: person };
  const own = { ...part, email: person, env };
  const orchestrators = { ...connection.orchestrators, "stripe-projects": own };
  return { ...connection, orchestrators };
}

/** By provider, the first plan that costs nothing. */
function findFreePlans(services: readonly ProviderService[]): Readonly<Record<string, string>> {
  const plans = services.filter(({ kind, pricing }) => kind === "plan" && pricing === "free");
  return Object.fromEntries(plans.toReversed().map(({ provider, id }) => [provider, id]));
}

function describeOidc({ issuer, clientKey }: IdentityKeys) {
  return { issuer, clientId: PLATFORM_CLIENT, clientKey: clientKey.export({ format: "jwk" }) };
}
