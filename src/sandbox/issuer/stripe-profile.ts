import { STRIPE_UNITS } from "../../util/stripe-units.ts";
import { type RefuseCharge, sumCredential } from "./credential.ts";
import { startInterval } from "./start-interval.ts";

/** As Stripe prints it; `max_amount` in Stripe's units. */
export interface UsageLimits {
  /** ISO 4217, lower case. */
  readonly currency: string;
  readonly max_amount: string;
  readonly recurring_interval: "week" | "month" | "year";
}

/** A connected account's means of payment, as it is shared with one provider. */
export interface ProfileDetail {
  readonly connectedAccount: string;
  readonly provider: string;
  /** In force there. */
  readonly limits: UsageLimits;
}

/** Charges of the interval that has begun count towards the limit, each in the limit's currency. */
export const refuseProfileCharge: RefuseCharge<ProfileDetail> = (
  credential,
  { provider, debit, now },
) => {
  const { limits } = credential.detail;
  if (provider !== credential.detail.provider) return "declined";
  if (debit.currency !== limits.currency.toUpperCase()) return "currency_mismatch";
  const units = STRIPE_UNITS.toUnits(debit);
  if (units.kind === "refused") return "declined";
  const taken = sumCredential(credential, startInterval(limits.recurring_interval, now));
  const total = STRIPE_UNITS.toUnits({ ...debit, minor: taken + debit.minor });
  if (total.kind === "refused") return "declined";
  return total.units > BigInt(limits.max_amount) ? "limit_exceeded" : undefined;
};
