import type { SandboxContext } from "../context.ts";
import { type CredentialRecord, credentialsOf, type RefuseCharge } from "./credential.ts";

/** A vaulted copy of the shared payment method and who was granted it. Status `active` or `deleted`. */
export interface BraintreeCopy {
  readonly grants: readonly {
    readonly nonce: string;
    readonly provider: string;
    /** Milliseconds since the epoch. */
    readonly revokeAfter: number;
  }[];
}
export type BraintreeRecord = CredentialRecord<BraintreeCopy>;

/** A grant without vaulting is good for one payment, of any amount: as many charges as there were grants to this provider. */
export const refuseBraintreeCharge: RefuseCharge<BraintreeCopy> = (copy, { provider, now }) => {
  const granted = copy.detail.grants.filter(
    (one) => one.provider === provider && one.revokeAfter > now,
  ).length;
  return copy.status === "active" && copy.captures.length < granted ? undefined : "token_inactive";
};

export function loadCopy(
  context: Pick<SandboxContext, "store">,
  token: string,
): BraintreeRecord | undefined {
  const found = credentialsOf(context).get(token);
  return found?.issuer === "braintree" ? (found as BraintreeRecord) : undefined;
}

/** The copy that a provider was granted under this nonce. */
export function findGrant(
  context: Pick<SandboxContext, "store">,
  provider: string,
  nonce: string,
): BraintreeRecord | undefined {
  return (credentialsOf(context).list() as readonly BraintreeRecord[]).find(
    ({ issuer, detail }) =>
      issuer === "braintree" &&
      detail.grants.some((one) => one.provider === provider && one.nonce === nonce),
  );
}
