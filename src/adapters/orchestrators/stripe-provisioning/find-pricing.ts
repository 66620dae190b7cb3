import { memberAt, textAt } from "../../../util/json-access.ts";
import type { PricingAnswer } from "../contract.ts";
import { listAll } from "./list-all.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** What Stripe's catalogue says of a service of the provider now. A row of another provider is none of it, whatever the query asked for. */
export async function findPricing(
  options: StripeProvisioningOptions,
  service: string,
): Promise<PricingAnswer> {
  const { provider } = options;
  const query = new URLSearchParams({ provider_name: provider, limit: "100" });
  const answer = await listAll(options, "/catalog/services", query);
  if (answer.kind !== "listed") return { kind: "unknown", code: "catalogue_unreadable" };
  const row = answer.rows.find(
    (one) =>
      memberAt(one, "service_id") === service &&
      textAt(one, ["provider_name"])?.toLowerCase() === provider,
  );
  return row === undefined
    ? { kind: "absent" }
    : { kind: "listed", pricing: memberAt(row, "pricing") };
}
