import type { FormParams } from "./form-params.ts";
import { type PaymentToken, RECURRING_INTERVALS } from "./payment-token.ts";
import { readAmount, readCurrency } from "./read-amount.ts";
import { buildParameterError, type StripeAnswer } from "./stripe-answer.ts";

const NAMES = [
  "payment_method",
  "seller_details[network_business_profile]",
  "seller_details[external_id]",
  "usage_limits[currency]",
  "usage_limits[max_amount]",
  "usage_limits[expires_at]",
  "usage_limits[recurring_interval]",
  "return_url",
  "use_stripe_sdk",
  "setup_future_usage",
];

/** A payment token that is asked for. */
export type TokenDraft = Omit<
  PaymentToken,
  "id" | "createdAt" | "status" | "deactivatedAt" | "deactivatedReason" | "captures"
>;

/** Reads the parameters of `POST /v1/shared_payment/issued_tokens`; an answer names the first that is unknown, missing or wrong. */
export function readTokenDraft(params: FormParams, now: number): TokenDraft | StripeAnswer {
  const unknown = params.findUnknown(NAMES, ["shared_metadata", "expand"]);
  if (unknown !== undefined) return buildParameterError("parameter_unknown", unknown);
  const required = NAMES.filter((name) =>
    /^payment_method$|profile\]$|currency\]$|max_amount\]$/.test(name),
  );
  const absent = required.find((name) => params.get(name) === undefined);
  if (absent !== undefined) return buildParameterError("parameter_missing", absent);

  const sellerProfile = params.get("seller_details[network_business_profile]") ?? "";
  if (!/^profile_[A-Za-z0-9_]+$/.test(sellerProfile))
    return buildParameterError("parameter_invalid", "seller_details[network_business_profile]");
  const currency = readCurrency(params.get("usage_limits[currency]"));
  if (currency === undefined)
    return buildParameterError("parameter_invalid", "usage_limits[currency]");
  const maxAmount = readAmount(params.get("usage_limits[max_amount]"));
  if (maxAmount === undefined)
    return buildParameterError("parameter_invalid", "usage_limits[max_amount]");
  const expiresAt = params.get("usage_limits[expires_at]");
  if (expiresAt !== undefined && !(/^\d{1,11}$/.test(expiresAt) && Number(expiresAt) * 1000 > now))
    return buildParameterError("parameter_invalid", "usage_limits[expires_at]");
  const intervalText = params.get("usage_limits[recurring_interval]");
  const interval = RECURRING_INTERVALS.find((known) => known === intervalText) ?? null;
  if (intervalText !== undefined && interval === null)
    return buildParameterError("parameter_invalid", "usage_limits[recurring_interval]");
  return {
    paymentMethod: params.get("payment_method") ?? "",
    sellerProfile,
    externalId: params.get("seller_details[external_id]") ?? null,
    currency,
    maxAmount: `${maxAmount}`,
    interval,
    expiresAt: expiresAt === undefined ? null : Number(expiresAt),
    setupFutureUsage: params.get("setup_future_usage") ?? null,
    sharedMetadata: params.map("shared_metadata"),
    returnUrl: params.get("return_url") ?? null,
    useStripeSdk: params.get("use_stripe_sdk") === "true",
  };
}
