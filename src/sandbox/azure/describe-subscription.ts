import type { AzureAlias } from "./azure-records.ts";

/** A subscription as Azure Resource Manager shows it. */
export function describeSubscription({ subscriptionId, displayName, tags }: AzureAlias): object {
  const id = `/subscriptions/${subscriptionId}`;
  return { id, subscriptionId, displayName, state: "Enabled", tags };
}
