import type { Json } from "../../util/canonical-json.ts";
import { memberAt } from "../../util/json-access.ts";
import type { Money } from "../../util/money.ts";
import type { SandboxContext } from "../context.ts";
import { deriveSellerProfile } from "../seller-profile.ts";
import { refuseAdyenCharge } from "./adyen-card.ts";
import { findGrant, refuseBraintreeCharge } from "./braintree-copy.ts";
import { type CaptureOutcome, capturePayment } from "./capture-payment.ts";
import { hashCard } from "./card-number.ts";
import {
  type CredentialIssuer,
  type CredentialRecord,
  captureCredential,
  credentialsOf,
  type RefuseCharge,
} from "./credential.ts";
import { loadPaymentToken } from "./payment-token.ts";
import { refusePaypalCharge } from "./paypal-token.ts";
import { refuseStripeCharge } from "./stripe-card.ts";
import { refuseProfileCharge } from "./stripe-profile.ts";

type Context = Pick<SandboxContext, "store" | "now" | "random">;

/** How each issuer decides about a charge. */
const REFUSE: Readonly<Record<CredentialIssuer, RefuseCharge<never>>> = {
  adyen: refuseAdyenCharge as RefuseCharge<never>,
  "stripe-issuing": refuseStripeCharge as RefuseCharge<never>,
  braintree: refuseBraintreeCharge as RefuseCharge<never>,
  paypal: refusePaypalCharge as RefuseCharge<never>,
  // A bill is sent, whatever stands on it.
  invoice: () => undefined,
  "stripe-provisioning": refuseProfileCharge as RefuseCharge<never>,
};

/**
 * What a provider was given to be paid with, `{type, <type>: text}`, as the id of what it stands for; undefined when this provider cannot use it now. The type
 * `stripe_payment_token` is the protocol's, all others are by analogy.
 */
export function acceptPayment(
  context: Context,
  provider: string,
  type: string,
  text: string,
): string | undefined {
  const id =
    type === "stripe_payment_token" ? text : findCredential(context, provider, type, text)?.id;
  return id !== undefined && isChargeable(context, provider, id) ? id : undefined;
}

/** Whether a provider could charge it: one minor unit would be taken. */
export function isChargeable(context: Context, provider: string, id: string): boolean {
  const token = loadPaymentToken(context, id);
  if (token !== undefined)
    return token.status === "active" && token.sellerProfile === deriveSellerProfile(provider);
  const credential = credentialsOf(context).get(id);
  if (credential === undefined) return false;
  const amount = { currency: credential.currency ?? "USD", minor: 1n };
  const refusal = refuse(credential, { provider, amount, debit: amount, now: context.now() });
  return refusal === undefined || refusal === "limit_exceeded";
}

/** Takes an amount with whatever it is that `id` names. */
export function capture(
  context: Context,
  input: {
    readonly id: string;
    readonly provider: string;
    readonly accountId: string | null;
    readonly amount: Money;
    readonly description: string;
    readonly key: string | null;
    readonly paymentIntent: string;
  },
): CaptureOutcome {
  const { id, provider } = input;
  const credential = credentialsOf(context).get(id);
  if (credential === undefined)
    return capturePayment(context, {
      ...input,
      token: id,
      sellerProfile: deriveSellerProfile(provider),
    });
  return captureCredential(
    context,
    credential,
    REFUSE[credential.issuer] as RefuseCharge<unknown>,
    input,
  );
}

/** The card with this number and code. */
export function findCard(
  context: Pick<Context, "store">,
  number: string,
  cvc: string,
): CredentialRecord | undefined {
  const hash = hashCard(number, cvc);
  return credentialsOf(context)
    .list()
    .find(({ detail }) => memberAt(detail, "cardHash") === hash);
}

function refuse(credential: CredentialRecord, charge: Parameters<RefuseCharge<unknown>>[1]) {
  return (REFUSE[credential.issuer] as RefuseCharge<unknown>)(credential, charge);
}

function findCredential(
  context: Context,
  provider: string,
  type: string,
  text: string,
): CredentialRecord | undefined {
  if (type === "braintree_nonce") return findGrant(context, provider, text);
  if (type !== "card") return credentialsOf(context).get(text);
  const card = parse(text);
  return findCard(context, String(card.number), String(card.cvc));
}

function parse(text: string): Readonly<Record<string, Json>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, Json>>;
  } catch {
    return {};
  }
}
