import type { SandboxStore } from "../context.ts";
import { type AzureAlias, azureAliases } from "./azure-records.ts";

/** The requests whose subscriptions there are. */
export function madeSubscriptions(store: SandboxStore): readonly AzureAlias[] {
  return azureAliases(store)
    .list()
    .filter(({ state }) => state === "Succeeded");
}
