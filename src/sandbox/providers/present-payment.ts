import type { AccountRecord } from "../context.ts";
import { acceptPayment, isChargeable } from "../issuer/payments.ts";
import { type AccountCall, readObject, readText } from "./provider-call.ts";

/**
 * Takes the `payment_credentials` of a call, if any, as what the account pays with: `{"type":"stripe_payment_token","stripe_payment_token":"spt_..."}`, active and issued
 * to this provider, or another type in the same form. Answers with the account as it is then, or `refused`.
 */
export function presentPayment(call: AccountCall): AccountRecord | "refused" {
  const { context, provider, account } = call;
  const credentials = readObject(call.body, "payment_credentials");
  if (credentials === undefined) return account;
  const type = readText(credentials, "type");
  const text = type === undefined ? undefined : readText(credentials, type);
  if (type === undefined || text === undefined) return "refused";
  const paymentToken = acceptPayment(context, provider, type, text);
  if (paymentToken === undefined) return "refused";
  const next = { ...account, paymentToken };
  context.store.collection<AccountRecord>("accounts").put(`${provider}/${account.accountId}`, next);
  return next;
}

/** Whether the account has something to pay with that can be charged now. */
export function canPay({ context, provider }: AccountCall, account: AccountRecord): boolean {
  return (
    account.paymentToken !== undefined && isChargeable(context, provider, account.paymentToken)
  );
}
