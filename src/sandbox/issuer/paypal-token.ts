import type { SandboxContext } from "../context.ts";
import { type CredentialRecord, credentialsOf, type RefuseCharge } from "./credential.ts";
import { deriveMerchant } from "./merchant.ts";

/** A payment token of PayPal's vault. Status `active` or `deleted`. */
export interface PaypalToken {
  /** PayPal's id of the merchant whose vault it is in. */
  readonly merchant: string;
  /** The merchant's customer that it belongs to. */
  readonly customer: string;
  readonly agreement: string;
}
export type PaypalRecord = CredentialRecord<PaypalToken>;

/** A token is good for its own merchant, for any amount in any currency, until it is deleted. */
export const refusePaypalCharge: RefuseCharge<PaypalToken> = (token, { provider }) => {
  if (token.status !== "active") return "token_inactive";
  return token.detail.merchant === deriveMerchant(provider).paypalId ? undefined : "token_missing";
};

/** The tokens of a merchant's vault that are there. */
export function listVault(
  context: Pick<SandboxContext, "store">,
  merchant: string,
): readonly PaypalRecord[] {
  return (credentialsOf(context).list() as readonly PaypalRecord[]).filter(
    ({ issuer, status, detail }) =>
      issuer === "paypal" && status === "active" && detail.merchant === merchant,
  );
}
