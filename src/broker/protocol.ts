/** What the dynamic resources ask of the broker. Money travels as text (`12.00 USD`), times as RFC 3339 UTC. */
export const LEASE_KINDS = [
  "account",
  "payment-token",
  "access-token",
  "domain",
  "service-instance",
  "secret",
] as const;
export type LeaseKind = (typeof LEASE_KINDS)[number];

/** Who a resource is, over all its generations. Part of every input; the broker derives idempotency keys from it. */
export interface Identity {
  readonly project: string;
  readonly stack: string;
  /** Pulumi logical name. */
  readonly resource: string;
}

export interface LeaseInputs {
  account: {
    readonly provider: string;
    readonly orchestrators: readonly string[];
    readonly principal: string;
    readonly agent: string;
  };
  "payment-token": {
    readonly provider: string;
    readonly account: string;
    readonly issuers: readonly string[];
    /** Monthly cap at the credential, `60.00 USD`. */
    readonly cap: string;
  };
  "access-token": {
    readonly provider: string;
    readonly account: string;
    readonly permissions: readonly { readonly group: string; readonly scope: "account" | "zone" }[];
    /** Zones that zone-scoped permissions are limited to, by domain name. */
    readonly zones: readonly string[];
    /** Default 3600; at most 86400. */
    readonly ttlSeconds: number;
  };
  domain: {
    readonly provider: string;
    readonly account: string;
    readonly paymentToken: string;
    readonly domain: string;
    readonly years: number;
    readonly maxPrice: string;
    readonly autoRenew: boolean;
  };
  "service-instance": {
    readonly provider: string;
    readonly account: string;
    readonly paymentToken: string;
    readonly service: string;
    readonly config: Readonly<Record<string, string | number | boolean>>;
  };
  secret: { readonly bytes: number };
}

export interface LeaseOutputs {
  /**
   * `accountId` is the provider's. `appDomain` is the domain below which the provider serves apps that have no domain of their own
   * (Cloudflare: the account's `<name>.workers.dev`); absent at providers without one.
   */
  account: {
    readonly accountId: string;
    readonly orchestrator: string;
    readonly appDomain?: string | undefined;
  };
  /** The token itself stays with the broker; `paymentTokenId` is our lease id. */
  "payment-token": {
    readonly paymentTokenId: string;
    readonly issuer: string;
    readonly expiresAt: string;
  };
  /** `value` is secret. `endpoint` is the provider's API base URL, without a final slash. */
  "access-token": { readonly tokenId: string; readonly value: string; readonly endpoint: string };
  domain: {
    readonly domain: string;
    readonly zoneId: string;
    readonly expiresAt: string;
    readonly pricePaid: string;
  };
  /** `credentials` is secret: a flat map as the provider named them. */
  "service-instance": {
    readonly instanceId: string;
    readonly status: string;
    readonly credentials: Readonly<Record<string, string>>;
  };
  /** `value` is secret: base64url. */
  secret: { readonly value: string };
}

/** Output names that are secret, per kind; resources list them in `additionalSecretOutputs`. */
export const SECRET_OUTPUTS: Readonly<Record<LeaseKind, readonly string[]>> = {
  account: [],
  "payment-token": [],
  "access-token": ["value"],
  domain: [],
  "service-instance": ["credentials"],
  secret: ["value"],
};

/** Inputs that cannot change in place; a change of another input is an update. `domain` is never replaced: its immutable inputs are an error. */
export const IMMUTABLE_INPUTS: { readonly [K in LeaseKind]: readonly (keyof LeaseInputs[K])[] } = {
  account: ["provider", "principal"],
  "payment-token": ["provider", "account"],
  "access-token": ["provider", "account"],
  domain: ["provider", "account", "domain"],
  "service-instance": ["provider", "account", "service"],
  secret: [],
};

export type BrokerRequest<K extends LeaseKind = LeaseKind> =
  | {
      readonly verb: "create";
      readonly kind: K;
      readonly identity: Identity;
      readonly inputs: LeaseInputs[K];
    }
  | { readonly verb: "read"; readonly kind: K; readonly identity: Identity; readonly id: string }
  | {
      readonly verb: "update";
      readonly kind: K;
      readonly identity: Identity;
      readonly id: string;
      readonly inputs: LeaseInputs[K];
    }
  | { readonly verb: "delete"; readonly kind: K; readonly identity: Identity; readonly id: string };

/**
 * `code` is from the broker's closed list; `message` and `remedy` are ours, never a provider's text. `link` is a page that a person must open:
 * it is shown to the person, never followed, and stands in no message.
 */
export type BrokerAnswer<K extends LeaseKind = LeaseKind> =
  | { readonly ok: true; readonly id: string; readonly outputs: LeaseOutputs[K] }
  | { readonly ok: true; readonly gone: true }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly remedy?: string | undefined;
      readonly link?: string | undefined;
    };
