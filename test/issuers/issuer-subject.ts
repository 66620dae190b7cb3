import type { Issuer, WebhookMessage } from "../../src/adapters/issuers/contract.ts";
import type { Secret } from "../../src/util/secret.ts";

export interface ChargeHow {
  /** Default: the subject's. */
  readonly currency?: string;
  /** Who charges, default the payee; `another` is of the same category, where payees are categories. */
  readonly seller?: "payee" | "another";
}

/** One issuer, and hands to break and inspect it with. What a subject cannot do, the cases that need it fail, unless a written reason leaves them out. */
export interface IssuerSubject {
  readonly issuer: Issuer;
  /** The same issuer, asked with a key that is worth nothing. */
  readonly stranger?: Issuer;
  readonly payee: string;
  /** Somebody else to issue to: of another category, where payees are categories. */
  readonly otherPayee: string;
  /** A currency that it takes. */
  readonly currency: string;
  /** What is read of a token that was revoked, default `deactivated`: otherwise only where the issuer forgets it. */
  readonly gone?: "absent";
  /** The next issue happens, but its answer is lost; or does not happen at all. */
  lose?(how: "answer" | "request"): Promise<void>;
  /** A seller takes money with what the payee was given: the token, or what the issuer reveals for it. */
  charge?(credential: Secret, minor: bigint, how?: ChargeHow): Promise<boolean>;
  /** A webhook of the issuer about a token that was used up or ended, rightly signed. */
  signWebhook?(token: Secret): Promise<WebhookMessage>;
  /** Tokens that exist. */
  count(): Promise<number>;
  /** Lets the issuer's time pass. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}
