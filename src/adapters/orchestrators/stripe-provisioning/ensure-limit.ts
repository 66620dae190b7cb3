import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import { STRIPE_UNITS } from "../../../util/stripe-units.ts";
import { type Failure, readFailure } from "../read-answers.ts";
import { callStripe, readBody } from "./call-stripe.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Sees to it that Stripe charges no more a month at the provider than was decided. Undefined when that is so; a limit below ours is left. */
export async function ensureLimit(
  options: StripeProvisioningOptions,
): Promise<Failure | undefined> {
  const { provider, limit } = options;
  const wanted = STRIPE_UNITS.toUnits(limit);
  if (wanted.kind === "refused") return wanted;
  const profile = readBody(await callStripe(options, "GET", "/payment_profile"));
  if (profile.kind !== "body") return profile;
  const own = listAt(profile.body, "providers")?.find(
    (row) => memberAt(row, "provider") === provider,
  );
  const amount = textAt(own, ["usage_limits", "max_amount"], /^\d{1,15}$/);
  const isOurs =
    textAt(own, ["usage_limits", "currency"])?.toUpperCase() === limit.currency &&
    memberAt(own, "usage_limits", "recurring_interval") === "month";
  if (isOurs && amount !== undefined && BigInt(amount) <= wanted.units) return undefined;
  const usage_limits = {
    currency: limit.currency.toLowerCase(),
    max_amount: wanted.units.toString(),
    recurring_interval: "month",
  };
  const changed = await callStripe(options, "POST", "/payment_profile/update_limit", {
    provider,
    usage_limits,
  });
  return changed.kind === "answer" && changed.status < 300 ? undefined : readFailure(changed);
}
