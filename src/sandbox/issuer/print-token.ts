import type { Json } from "../../util/canonical-json.ts";
import { deriveSellerProfile } from "../seller-profile.ts";
import { type PaymentToken, sumCaptures } from "./payment-token.ts";

/** The token as its issuer sees it (https://docs.stripe.com/api/shared-payment/issued-token/object). */
export function printIssuedToken(token: PaymentToken, controlUrl: string): Json {
  return {
    id: token.id,
    object: "shared_payment.issued_token",
    ...printCommon(token),
    next_action: printNextAction(token, controlUrl),
    payment_method: token.paymentMethod,
    return_url: token.returnUrl,
    seller_details: {
      external_id: token.externalId,
      network_business_profile: token.sellerProfile,
    },
    setup_future_usage: token.setupFutureUsage,
    status: token.status,
    use_stripe_sdk: token.useStripeSdk,
  };
}

/** The token as its seller sees it: no payment method id (https://docs.stripe.com/api/shared-payment/granted-token). */
export function printGrantedToken(token: PaymentToken): Json {
  return {
    id: token.id,
    object: "shared_payment.granted_token",
    ...printCommon(token),
    agent_details: { network_business_profile: deriveSellerProfile("orchestrator") },
    payment_method_details: { type: "card", card: { brand: "visa", last4: "4242" } },
  };
}

function printCommon(token: PaymentToken) {
  const currency = token.currency.toLowerCase();
  return {
    created: toSeconds(token.createdAt),
    deactivated_at: token.deactivatedAt === null ? null : toSeconds(token.deactivatedAt),
    deactivated_reason: token.deactivatedReason,
    livemode: false,
    risk_details: null,
    shared_metadata: token.sharedMetadata,
    usage_details: { amount_captured: { value: Number(sumCaptures(token)), currency } },
    usage_limits: {
      currency,
      expires_at: token.expiresAt,
      max_amount: Number(token.maxAmount),
      ...(token.interval === null ? {} : { recurring_interval: token.interval }),
    },
  };
}

function printNextAction(token: PaymentToken, controlUrl: string): Json {
  if (token.status !== "requires_action") return null;
  if (token.useStripeSdk || token.returnUrl === null)
    return { type: "use_stripe_sdk", use_stripe_sdk: { value: "c2FuZGJveA==" } };
  const url = `${controlUrl}/issuer/actions/${token.id}`;
  return { type: "redirect_to_url", redirect_to_url: { url, return_url: token.returnUrl } };
}

/** Whole seconds since the epoch, as the Stripe API tells times. */
function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
