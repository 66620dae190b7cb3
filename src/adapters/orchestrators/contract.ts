import type { Fetch } from "../../util/fetch-json.ts";
import type { Secret } from "../../util/secret.ts";
import type { AdapterVault } from "./vault.ts";

/** What one way of vouching for a principal can do at a provider; the broker asks for nothing else. */
export interface OrchestratorCapabilities {
  /** `requestAccount` in mode `link` opens an account that exists, and MUST NOT make one. */
  readonly links: boolean;
  /** `createResource` makes services of the catalogue; without it they come from the vendor's own API alone. */
  readonly provisions: boolean;
  readonly lists: boolean;
  readonly rotates: boolean;
  readonly removes: boolean;
  /** `endSession` makes a session's credentials die at once. */
  readonly endsSessions: boolean;
  /** Accounts vanish unless a person claims them in time: `AccountAnswer.claim` is always there. */
  readonly needsClaim: boolean;
  /**
   * Who pays for a resource: `token` an issuer's payment token, which is sent; `own` the orchestrator's own means of payment, so that a token only tells that
   * the purchase is held against the caps; `none` there are no paid resources.
   */
  readonly payment: "token" | "own" | "none";
  /** Whose the account is: the principal's, the platform's that vouches, or nobody's until it is claimed. */
  readonly ownership: "principal" | "platform" | "unclaimed";
}

/** What is known of an orchestrator adapter without calling anybody; the default export of its `index.ts`. */
export interface OrchestratorProfile {
  /** The name of its folder. */
  readonly id: string;
  readonly title: string;
  /** The manifest's words, under `orchestrator`, for those that vouch through it. */
  readonly names: readonly string[];
  readonly capabilities: OrchestratorCapabilities;
}

export interface AccountCredentials {
  readonly accountId: string;
  readonly accessToken: Secret;
  /** Absent where only a repeated account request gives new credentials. */
  readonly refreshToken?: Secret | undefined;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** The token itself lives on after `expiresAt` and after `revoke`: a person made it, who alone can end it. We can only forget it. Default false. */
  readonly livesOn?: true | undefined;
}

/** How an account that belongs to nobody is made somebody's. */
export interface Claim {
  /** Whoever opens it owns the account. Absent where a link is short-lived, and made by `makeClaimLink` when it is asked for. */
  readonly url?: Secret | undefined;
  /** RFC 3339; after it the account is gone. */
  readonly expiresAt: string;
}

/** A definite no to what was asked for just now. */
export interface Refused {
  readonly kind: "refused";
  readonly code: string;
  /**
   * Raised before the act itself was sent, by us or by who only vouches, or about who asks: it says nothing about an earlier attempt of the same act that has
   * no answer, and never ends it. MUST be set on every such refusal.
   */
  readonly unsent?: true | undefined;
}

/** The four answers to an account request (provisioning protocol 0.1d, account_requests). */
export type AccountAnswer =
  | {
      readonly kind: "connected";
      readonly credentials: AccountCredentials;
      readonly claim?: Claim | undefined;
    }
  /** A person must consent; the link is shown, never followed. */
  | { readonly kind: "consent"; readonly url: string; readonly expiresAt: string }
  /**
   * Certainly nothing came of it. `unreachable`: nothing was received. `account_not_found`: mode `link`, and the provider has no account of this principal.
   * `email_mismatch`, `access_denied`, `consent_expired`: what a person did, or did not, about the link.
   */
  | Refused
  /** No usable answer: the act may or may not have happened. */
  | { readonly kind: "unknown"; readonly code: string };

export interface AccountRequest {
  readonly requestId: string;
  readonly email: string;
  readonly name: string;
  /** RFC 3339; a repeated request is good until then. */
  readonly expiresAt: string;
  /** `link` opens an account that exists and never makes one; only where `capabilities.links`. Default `open`. */
  readonly mode?: "open" | "link" | undefined;
  /**
   * The account that came of this very request before: only a new session with it is wanted. An account MUST NOT be made then, whatever has become of this one;
   * where the protocol itself makes none for a request that it knows, repeating the request will do.
   */
  readonly accountId?: string | undefined;
}

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
  | Refused
  | { readonly kind: "unknown"; readonly code: string };

/** A resource that the session itself works with, so that nothing could be taken back without it. It costs nothing, and is not ours to remove: that it is left is the end of it. */
export interface Left {
  readonly kind: "left";
  readonly id: string;
}

export type ListAnswer =
  | {
      readonly kind: "listed";
      readonly resources: readonly { readonly id: string; readonly service: string }[];
    }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** What a provider asks for a service now, by its own list. */
export type PricingAnswer =
  /** `pricing` as the list has it, in the form of the provisioning protocol (2.4) or of Stripe's catalogue (1.7); untrusted. */
  | { readonly kind: "listed"; readonly pricing: unknown }
  /** The list was read to its end, and the service is not in it. */
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** A way into the account's dashboard; whoever opens the link is signed in there. */
export type DashboardAnswer =
  | {
      readonly kind: "link";
      readonly url: Secret;
      /** RFC 3339. */
      readonly expiresAt: string;
    }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

export type ClaimLinkAnswer =
  | {
      readonly kind: "link";
      readonly url: Secret;
      /** RFC 3339; the link's own end. */
      readonly expiresAt: string;
    }
  /** `claim_expired`: nobody can claim the account any more. */
  | { readonly kind: "refused" | "unknown"; readonly code: string };

export type SessionEnd =
  | { readonly kind: "ended" }
  | { readonly kind: "unknown"; readonly code: string };

/** Speaks for a principal at a provider. Every method answers with a value; it throws only for a bug. */
export interface Orchestrator {
  /** As a manifest names it. */
  readonly id: string;
  readonly capabilities: OrchestratorCapabilities;
  /** True when the provider answers and speaks our version. */
  isHealthy(): Promise<boolean>;
  /** MUST be safe to repeat with the same `requestId`: at most one account comes of it. */
  requestAccount(request: AccountRequest): Promise<AccountAnswer>;
  refresh(refreshToken: Secret): Promise<AccountAnswer>;
  /** Only where `capabilities.endsSessions`; `ended` when the provider confirmed it. Repeating is harmless. */
  endSession?(credentials: {
    readonly accessToken: Secret;
    readonly refreshToken?: Secret | undefined;
  }): Promise<SessionEnd>;
  /** `endSession` ends whatever session the account has through it by then, not only that of the credentials. Default false. */
  readonly endsEverySession?: true | undefined;
  /** A link that makes an unclaimed account somebody's own, good for a short while; an earlier one may die. Absent where `Claim.url` is that link. */
  makeClaimLink?(credentials: { readonly accessToken: Secret }): Promise<ClaimLinkAnswer>;
  /** Revokes and forgets what the orchestrator itself keeps of a person's sign-in; absent: nothing is kept. Repeating is harmless. */
  endSignIn?(email: string): Promise<SessionEnd>;
  /** Revokes and forgets what is kept of an account request that is over without its answer; absent: nothing is kept. Repeating is harmless. */
  dropRequest?(requestId: string): Promise<SessionEnd>;
  /** `resourceId` is our own id and idempotency key. `paymentToken` is presented to the provider, if given. */
  createResource(input: {
    readonly accessToken: Secret;
    readonly resourceId: string;
    readonly service: string;
    readonly config: Readonly<Record<string, string | number | boolean>>;
    readonly paymentToken?: Secret | undefined;
    /** The token's type in the provisioning protocol, default `stripe_payment_token`. */
    readonly paymentType?: string | undefined;
  }): Promise<ResourceAnswer>;
  /** Presents another payment token for a resource that exists. Repeating is harmless. */
  presentPayment(input: {
    readonly accessToken: Secret;
    readonly id: string;
    readonly paymentToken: Secret;
    /** As in `createResource`. */
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
  /** Removal is proved by reading back: `removed` or `absent` only then. `left` before anything is sent. */
  removeResource(input: {
    readonly accessToken: Secret;
    readonly id: string;
  }): Promise<ResourceAnswer | Left>;
  /** What the service costs now; absent where nobody can be asked. The broker buys nothing that it says is dearer than what was approved. */
  readPricing?(service: string): Promise<PricingAnswer>;
  /** A new link to the account's dashboard that works once; absent where there are none. */
  openDashboard?(input: { readonly accessToken: Secret }): Promise<DashboardAnswer>;
  /**
   * Only where `capabilities.payment` is `own`: sees to it that no more can be charged than was decided, before anything is bought in the account, be it by the
   * provider's own API. Undefined when that is so. Absent where there is nothing to see to. Repeating is harmless.
   */
  prepareOwnPayment?(): Promise<Refused | undefined>;
  /** Its ids of resources are its own, so that no other orchestrator finds them, nor it those of others. Default false: they are the provider's. */
  readonly hasOwnIds?: true | undefined;
  /**
   * Another request makes another account, and nothing closes one, so that an account which a stack gives up is kept for the stack's next `up`. A request with
   * the account's id MUST be refused with `account_closed` when the provider shows that it is over, and never while it may come back or is only not to be seen;
   * a session that comes of it is dropped, so it MUST end by itself. Default false: the provider finds the principal's own again.
   */
  readonly makesAnother?: true | undefined;
  /** Only where `capabilities.lists`. */
  listResources?(input: { readonly accessToken: Secret }): Promise<ListAnswer>;
}

/** Where an orchestrator is opened. */
export interface OrchestratorPlace {
  /** The manifest's word for it, one of the profile's `names`. */
  readonly id: string;
  /** Lower case, as in the catalogue. */
  readonly provider: string;
  /** Base URL of the provider's provisioning endpoints. */
  readonly providerUrl: string;
}

/** What an adapter is given to work with. */
export interface OrchestratorServices {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; dates expiries. */
  readonly now: () => number;
  /** Dates signatures and proofs, default `now`; differs only where `now` is a sandbox's moved clock, since they are fresh by real time. */
  readonly signingNow?: (() => number) | undefined;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly vault: AdapterVault;
  /** For files that an adapter cannot do without, made when it needs it; nobody else's. Absent where nothing is asked for but health. */
  readonly folder?: string | undefined;
}

/**
 * Opens an adapter at one provider by its part of the broker's connection, which holds secrets. Undefined when that part has another form, or when it does not vouch
 * to this provider.
 */
export type OpenOrchestrator = (
  connection: unknown,
  place: OrchestratorPlace,
  services: OrchestratorServices,
) => Orchestrator | undefined;
