import type { Body } from "./body-fields.ts";

/** What an account has beyond {@link AccountRecord}. */
export interface AccountDetails {
  readonly type: string;
  /** `<subdomain>.workers.dev`; absent until claimed. */
  readonly subdomain?: string | undefined;
}

/** One policy of a token as it was given, with the id that we gave. */
export interface TokenPolicy {
  readonly id: string;
  readonly effect: "allow" | "deny";
  readonly resources: Body;
  readonly permission_groups: readonly { readonly id: string }[];
}

/** An API token; the value is kept as a hash only. */
export interface TokenRecord {
  readonly id: string;
  /** An account owns it, or a person. */
  readonly owner: { readonly accountId: string } | { readonly email: string };
  readonly name: string;
  readonly policies: readonly TokenPolicy[];
  readonly isDisabled: boolean;
  readonly issuedOn: string;
  readonly modifiedOn: string;
  readonly expiresOn?: string | undefined;
  readonly notBefore?: string | undefined;
  readonly condition?: Body | undefined;
  /** Hexadecimal SHA-256. */
  readonly valueHash: string;
  /** A deleted token stays in the books. */
  readonly deletedOn?: string | undefined;
}

/** The answer of an idempotent `POST /accounts`. */
export interface IdempotencyRecord {
  readonly bodyHash: string;
  readonly accountId: string;
}

/** A notification policy. */
export interface AlertPolicyRecord {
  readonly id: string;
  readonly accountId: string;
  readonly created: string;
  readonly modified: string;
  /** As it came. */
  readonly fields: Body;
}
