import type { AccountRecord } from "../context.ts";
import { loadPaymentToken } from "../issuer/payment-token.ts";
import { deriveSellerProfile } from "../seller-profile.ts";
import { type AccountCall, readObject, readText } from "./provider-call.ts";

/**
 * Takes the `payment_credentials` of a call, if any, as the account's payment token: `{"type":"stripe_payment_token","stripe_payment_token":"spt_..."}`, active and issued
 * to this provider. Answers with the account as it is then, or `refused`.
 */
export function presentPayment(call: AccountCall): AccountRecord | "refused" {
  const { context, provider, account } = call;
  const credentials = readObject(call.body, "payment_credentials");
  if (credentials === undefined) return account;
  const tokenId = readText(credentials, "stripe_payment_token");
  if (credentials.type !== "stripe_payment_token" || tokenId === undefined) return "refused";
  const token = loadPaymentToken(context, tokenId);
  if (token?.status !== "active" || token.sellerProfile !== deriveSellerProfile(provider))
    return "refused";
  const next = { ...account, paymentToken: tokenId };
  context.store.collection<AccountRecord>("accounts").put(`${provider}/${account.accountId}`, next);
  return next;
}

/** Whether the account has a payment token that can be charged now. */
export function canPay(call: AccountCall, account: AccountRecord): boolean {
  if (account.paymentToken === undefined) return false;
  return loadPaymentToken(call.context, account.paymentToken)?.status === "active";
}
