import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { Money } from "../../../util/money.ts";
import { STRIPE_UNITS } from "../../../util/stripe-units.ts";
import { type Failure, readFailure } from "../read-answers.ts";
import { callStripe, readBody } from "./call-stripe.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Stripe's units a month; `none` where nothing is limited, `other` what can't be compared with ours. */
type Limit = bigint | "none" | "other";

/**
 * Sees to it that Stripe charges no more a month at the provider than was decided. Undefined when that is so. No limit is ever widened: one below ours is left, be
 * it the provider's or the whole profile's, and where one counts in another currency or over another time (`limit_not_comparable`) none is set.
 */
export async function ensureLimit(
  options: StripeProvisioningOptions,
): Promise<Failure | undefined> {
  const { provider, limit } = options;
  const wanted = STRIPE_UNITS.toUnits(limit);
  if (wanted.kind === "refused") return wanted;
  const before = await readLimit(options);
  if (typeof before === "object") return before;
  if (before === "other") return { kind: "refused", code: "limit_not_comparable" };
  if (before !== "none" && before <= wanted.units) return undefined;
  const usage_limits = {
    currency: limit.currency.toLowerCase(),
    max_amount: wanted.units.toString(),
    recurring_interval: "month",
  };
  const changed = await callStripe(options, "POST", "/payment_profile/update_limit", {
    provider,
    usage_limits,
  });
  if (changed.kind !== "answer" || changed.status >= 300) return readFailure(changed);
  const after = await readLimit(options);
  if (typeof after === "object") return after;
  return typeof after === "bigint" && after <= wanted.units
    ? undefined
    : { kind: "refused", code: "limit_not_kept" };
}

/** What holds at the provider: its own limit, else that of the whole profile. */
async function readLimit(options: StripeProvisioningOptions): Promise<Limit | Failure> {
  const profile = readBody(await callStripe(options, "GET", "/payment_profile"));
  if (profile.kind !== "body") return profile;
  const own = listAt(profile.body, "providers")?.find(
    (row) => memberAt(row, "provider") === options.provider,
  );
  const ofProvider = toLimit(memberAt(own, "usage_limits"), options.limit);
  return ofProvider === "none"
    ? toLimit(memberAt(profile.body, "usage_limits"), options.limit)
    : ofProvider;
}

function toLimit(usageLimits: unknown, { currency }: Money): Limit {
  if (usageLimits === undefined || usageLimits === null) return "none";
  const amount = textAt(usageLimits, ["max_amount"], /^\d{1,15}$/);
  const isComparable =
    textAt(usageLimits, ["currency"])?.toUpperCase() === currency &&
    memberAt(usageLimits, "recurring_interval") === "month";
  return isComparable && amount !== undefined ? BigInt(amount) : "other";
}
