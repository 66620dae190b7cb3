import type { Json } from "../util/canonical-json.ts";
import type { Money } from "../util/money.ts";

/** A durable map of JSON documents; every write is on disk when the call returns. */
export interface Collection<T> {
  get(id: string): T | undefined;
  put(id: string, value: T): void;
  delete(id: string): boolean;
  /** In order of first insertion. */
  list(): readonly T[];
}

/** The sandbox's state on disk. */
export interface SandboxStore {
  collection<T>(name: string): Collection<T>;
  /** All writes inside or none. `work` is synchronous; a call inside another joins it. */
  transaction<T>(work: () => T): T;
}

/** A bearer that a provider handed out for an account (provisioning protocol, `credentials` or `/oauth/token`). Collection `bearers`, by {@link tokenHash}. */
export interface BearerRecord {
  /** Hexadecimal SHA-256 of the token; the sandbox keeps no bearer in clear. */
  readonly tokenHash: string;
  readonly provider: string;
  readonly accountId: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly revoked: boolean;
  /** The orchestrator it was given to; without that one's signature it is no use at the provisioning endpoints. */
  readonly orchestrator?: string | undefined;
  /** Thumbprint of the DPoP key that it is bound to. */
  readonly jkt?: string | undefined;
}

/** An account at a provider. Collection `accounts`, by `provider/accountId`. */
export interface AccountRecord {
  readonly provider: string;
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  /** The account request that made it. */
  readonly requestId: string;
  readonly createdAt: string;
  readonly closed: boolean;
  /** What was presented for it last to pay with: the id of a shared payment token, a card, a grant or an agreement. */
  readonly paymentToken?: string | undefined;
  /** The orchestrator that vouched for the person; absent when the account was made without one. */
  readonly orchestrator?: string | undefined;
}

/** Outcome of a charge to the payment token presented for an account. */
export type ChargeOutcome =
  | { readonly ok: true; readonly chargeId: string }
  | {
      readonly ok: false;
      readonly code: "no_payment_method" | "limit_exceeded" | "token_inactive" | "declined";
    };

/** What every surface of the sandbox shares. */
export interface SandboxContext {
  readonly store: SandboxStore;
  /** `http://127.0.0.1:<port>`, without a final slash: where this sandbox's surfaces answer. */
  readonly controlUrl: string;
  /** Port on 127.0.0.1 for deployed apps, routed by Host. */
  readonly appPort: number;
  /** Milliseconds since the epoch; moved by `POST /sandbox/clock`. */
  now(): number;
  /** Hexadecimal text of `bytes` random bytes. */
  random(bytes: number): string;
  /** Folder for a surface's own files; created. */
  folder(name: string): string;
  /**
   * Makes a credential and records it, so that a leak test can search for it. Every secret that the sandbox hands out comes from here.
   *
   * The text is `prefix`, `cnry`, then 44 hexadecimal digits; with a prefix of up to 28 characters it matches `^[0-9A-Za-z\-_]{48,76}$`, and
   * with `cfat_` it has the documented length of a Cloudflare token (prefix, 40 characters, 8 of checksum).
   */
  mintSecret(kind: string, prefix?: string): string;
  /** Records a credential that has a form of its own (a card number), as {@link mintSecret} does; answers with it. */
  keepSecret(kind: string, value: string): string;
  /** Encrypts a text that must be given out again later, so that the store holds no secret in clear. */
  seal(text: string): string;
  /** The inverse of {@link seal}; throws for a text that this sandbox did not seal. */
  unseal(sealed: string): string;
  /**
   * Charges the payment token presented for the account; idempotent by `key` within the account, whose first success is answered again whatever
   * the amount. A refusal is not remembered: it may succeed later with another token. May be called inside a transaction.
   */
  charge(input: {
    readonly provider: string;
    readonly accountId: string;
    readonly amount: Money;
    readonly description: string;
    readonly key: string;
  }): ChargeOutcome;
}

/** A credential in the books, without its value. */
export interface AccessTokenEntry {
  readonly provider: string;
  readonly accountId: string;
  /** The vendor's id of it; for a bearer of the provisioning protocol the first 16 digits of its hash. */
  readonly tokenId: string;
  readonly kind: "bearer" | "api-token";
  readonly name?: string | undefined;
  readonly status: "active" | "disabled" | "expired" | "revoked";
  /** RFC 3339; null for one that never expires. */
  readonly expiresAt: string | null;
  /** Hexadecimal SHA-256 of the value. */
  readonly valueHash: string;
  /** What it may do, in the vendor's words; empty for a bearer, which may do everything in its account. */
  readonly permissions: readonly string[];
}

/** A domain in the books. */
export interface DomainEntry {
  readonly provider: string;
  readonly accountId: string;
  readonly domain: string;
  readonly state: string;
  readonly autoRenew: boolean;
  readonly registeredAt: string;
  readonly expiresAt: string;
  /** Money as text, `10.44 USD`. */
  readonly pricePaid: string;
  readonly chargeId: string;
}

/** What a surface adds to `GET /sandbox/books`, in order of creation. Removed and revoked things stay, with their status. */
export interface SurfaceBooks {
  readonly accessTokens?: readonly AccessTokenEntry[] | undefined;
  readonly domains?: readonly DomainEntry[] | undefined;
  /** Everything else that exists at the vendor (buckets, databases, scripts), for comparing with state and ledger. */
  readonly inventory?: readonly Readonly<Record<string, Json>>[] | undefined;
}

/** Answers requests under one path prefix; undefined means "not mine". */
export interface Surface {
  handle(request: Request, url: URL): Promise<Response | undefined>;
  /** This surface's part of the books; a surface without one has nothing to tell. */
  books?(): SurfaceBooks;
  close(): Promise<void>;
}
