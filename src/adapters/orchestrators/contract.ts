import type { Secret } from "../../util/secret.ts";

/** What is known of an orchestrator adapter without calling anybody; the default export of its `index.ts`. */
export interface OrchestratorProfile {
  /** The name of its folder. */
  readonly id: string;
  readonly title: string;
  /** The manifest's words, under `orchestrator`, for those that vouch through it. */
  readonly names: readonly string[];
}

/** Where an orchestrator adapter finds one provider's provisioning endpoints and how it signs. Secrets: never log. */
export interface OrchestratorConnection {
  /** Manifest id of the orchestrator that vouches, e.g. `stripe`. */
  readonly orchestrator: string;
  /** The orchestrator's account for us, e.g. `acct_...`. */
  readonly orchestratorAccount: string;
  readonly signingSecret: string;
  /** Base URL of the provider's endpoints; `/provisioning/...` and `/oauth/token` hang below. */
  readonly providerUrl: string;
}

export interface AccountCredentials {
  readonly accountId: string;
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** The four answers to an account request (provisioning protocol 0.1d, account_requests). */
export type AccountAnswer =
  | { readonly kind: "connected"; readonly credentials: AccountCredentials }
  /** A person must consent; the link is shown, never followed. */
  | { readonly kind: "consent"; readonly url: string; readonly expiresAt: string }
  | { readonly kind: "refused"; readonly code: string }
  /** No usable answer: the act may or may not have happened. */
  | { readonly kind: "unknown"; readonly code: string };

export type ResourceAnswer =
  | {
      readonly kind: "complete";
      readonly id: string;
      readonly access: Readonly<Record<string, Secret>>;
    }
  | { readonly kind: "pending"; readonly id: string }
  | { readonly kind: "needs-information"; readonly id: string }
  | { readonly kind: "removed"; readonly id: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** Speaks for a principal at a provider. Every method answers with a value; it throws only for a bug. */
export interface Orchestrator {
  readonly id: string;
  /** True when the provider answers and speaks our version. */
  isHealthy(): Promise<boolean>;
  /** MUST be safe to repeat with the same `requestId`: at most one account comes of it. */
  requestAccount(input: {
    readonly requestId: string;
    readonly email: string;
    readonly name: string;
    readonly expiresAt: string;
  }): Promise<AccountAnswer>;
  refresh(refreshToken: Secret): Promise<AccountAnswer>;
  /** `resourceId` is our own id and idempotency key. `paymentToken` is presented to the provider, if given. */
  createResource(input: {
    readonly accessToken: Secret;
    readonly resourceId: string;
    readonly service: string;
    readonly config: Readonly<Record<string, string | number | boolean>>;
    readonly paymentToken?: Secret | undefined;
    /** What `paymentToken` is, default `stripe_payment_token`. */
    readonly paymentType?: string | undefined;
  }): Promise<ResourceAnswer>;
  /** Presents another payment token for a resource that exists. Repeating is harmless. */
  presentPayment(input: {
    readonly accessToken: Secret;
    readonly id: string;
    readonly paymentToken: Secret;
    /** Default `stripe_payment_token`. */
    readonly paymentType?: string | undefined;
  }): Promise<ResourceAnswer>;
  /** `refused` only for a resource that could not be provisioned; a look that fails is `unknown`. */
  readResource(input: {
    readonly accessToken: Secret;
    readonly id: string;
  }): Promise<ResourceAnswer>;
  rotateResource(input: {
    readonly accessToken: Secret;
    readonly id: string;
  }): Promise<ResourceAnswer>;
  /** Removal is proved by reading back: `removed` or `absent` only then. */
  removeResource(input: {
    readonly accessToken: Secret;
    readonly id: string;
  }): Promise<ResourceAnswer>;
}
