import { textAt } from "../../util/json-access.ts";
import { deriveSellerProfile } from "../seller-profile.ts";
import type { ProjectRecord } from "./cli-records.ts";
import type { StripeSide } from "./link-account.ts";

/** Stripe's own limit at a provider, in cents a month (its default). */
const LIMIT_CENTS = 10_000;

/** The payment token that Stripe presents for a project at a provider, of the person's billing method there; issued once. */
export async function ownPayment(
  { context, records }: StripeSide,
  project: ProjectRecord,
  provider: string,
  issuerKey: string,
): Promise<string | undefined> {
  const id = `${project.id}/${provider}`;
  const link = records.links.get(id);
  if (link === undefined) return undefined;
  if (link.sealedPayment !== null) return context.unseal(link.sealedPayment);
  const form = new URLSearchParams({
    payment_method: "pm_card_visa",
    "seller_details[network_business_profile]": deriveSellerProfile(provider),
    "usage_limits[currency]": "usd",
    "usage_limits[max_amount]": String(LIMIT_CENTS),
    "usage_limits[recurring_interval]": "month",
  });
  try {
    const response = await fetch(`${context.controlUrl}/v1/shared_payment/issued_tokens`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${issuerKey}`,
        "content-type": "application/x-www-form-urlencoded",
        "stripe-version": "2026-04-22.preview",
        "idempotency-key": `cli-${link.requestId}`,
      },
      body: form.toString(),
    });
    const token = textAt(await response.json(), ["id"], /^spt_/);
    if (token === undefined) return undefined;
    records.links.put(id, { ...link, sealedPayment: context.seal(token) });
    return token;
  } catch {
    return undefined;
  }
}
