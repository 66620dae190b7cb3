import type { Money } from "../../util/money.ts";
import type { Secret } from "../../util/secret.ts";

/** What an issuer's credential can enforce by itself; what it cannot, our ledger enforces. */
export interface IssuerCapabilities {
  readonly amountCap: boolean;
  readonly resets: boolean;
  readonly payeeBound: boolean;
  readonly expires: boolean;
  readonly revocable: boolean;
}

export type IssueAnswer =
  | {
      readonly kind: "issued";
      readonly token: Secret;
      readonly reference: string;
      readonly expiresAt: string;
    }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

export type PaymentTokenState =
  | { readonly kind: "active"; readonly captured: Money; readonly expiresAt: string }
  | { readonly kind: "deactivated"; readonly reason: string; readonly captured: Money }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly code: string };

/** Issues payment tokens. Every method answers with a value; it throws only for a bug. */
export interface Issuer {
  readonly id: string;
  readonly capabilities: IssuerCapabilities;
  /** True when the issuer answers us. Absent where it cannot be told; the broker then takes it for healthy. */
  isHealthy?(): Promise<boolean>;
  /** MUST be safe to repeat with the same `key`: at most one token comes of it. */
  issue(input: {
    readonly key: string;
    readonly payee: string;
    readonly cap: Money;
    readonly expiresAt: string;
  }): Promise<IssueAnswer>;
  read(token: Secret): Promise<PaymentTokenState>;
  /** Repeating is harmless. Answers with what a read after it showed. */
  revoke(token: Secret): Promise<PaymentTokenState>;
}
