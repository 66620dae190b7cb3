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
  /** All writes inside or none. Not re-entrant. */
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
  /** The payment token that was presented for it last, a shared payment token's id. */
  readonly paymentToken?: string | undefined;
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
  /** Milliseconds since the epoch; moved by `POST /sandbox/clock`. */
  now(): number;
  /** Hexadecimal text of `bytes` random bytes. */
  random(bytes: number): string;
  /** Folder for a surface's own files; created. */
  folder(name: string): string;
  /** Charges the payment token presented for the account; idempotent by `key`. */
  charge(input: {
    readonly provider: string;
    readonly accountId: string;
    readonly amount: Money;
    readonly description: string;
    readonly key: string;
  }): ChargeOutcome;
}

/** Answers requests under one path prefix; undefined means "not mine". */
export interface Surface {
  handle(request: Request, url: URL): Promise<Response | undefined>;
  close(): Promise<void>;
}
