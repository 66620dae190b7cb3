import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource } from "../contract.ts";
import { accountId, lowerAccount } from "../lease-resources.ts";
import { object } from "../lowered-values.ts";
import { sharedName } from "./azure-names.ts";
import { AZURE, GROUP, native, PLACED, PLAN, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";

const WEB_APP = "azurerm_linux_web_app";
const DATABASE = "azurerm_postgresql_flexible_server";

/** What must be switched on in a subscription before something of a type can be made there. */
const SERVICES: Readonly<Record<string, string>> = {
  [WEB_APP]: "Microsoft.Web",
  [DATABASE]: "Microsoft.DBforPostgreSQL",
  azurerm_storage_account: "Microsoft.Storage",
  azurerm_user_assigned_identity: "Microsoft.ManagedIdentity",
  azurerm_virtual_network: "Microsoft.Network",
};

/** The provider, before it the subscription where one is opened, the resource group, and what some of the resources share: the plan of apps and sites, the network of databases. */
export function lowerShared(
  model: Model,
  own: readonly LoweredResource[],
  opens: boolean,
): readonly LoweredResource[] {
  if (!own.some(({ provider }) => provider === PROVIDER_NAME)) return [];
  const has = (wanted: string) => own.some(({ type }) => type === wanted);
  const name = sharedName(model);
  const shared = [
    native(GROUP, undefined, "azurerm_resource_group", { name, location: REGION }),
    ...(has(WEB_APP) ? [lowerPlan(name)] : []),
    ...(has(DATABASE) ? lowerNetwork(model) : []),
  ];
  return [
    ...(opens ? [lowerAccount(model, AZURE)] : []),
    lowerProvider([...shared, ...own], opens),
    ...shared,
  ];
}

function lowerProvider(resources: readonly LoweredResource[], opens: boolean): LoweredResource {
  const services = resources.flatMap(({ type }) => SERVICES[type] ?? []);
  return {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_azurerm",
    args: {
      ...(opens && { subscription_id: accountId(AZURE) }),
      features: object({
        resource_group: object({ prevent_deletion_if_contains_resources: true }),
        // Accounts have no keys, and whoever runs the engine needs no right to what is in them.
        storage: object({ data_plane_available: false }),
      }),
      resource_provider_registrations: "none",
      resource_providers_to_register: [...new Set(services)].toSorted(),
    },
  };
}

/** The smallest machine that never sleeps, and takes hosts of one's own. */
function lowerPlan(name: string): LoweredResource {
  return native(PLAN, undefined, "azurerm_service_plan", {
    name,
    ...PLACED,
    os_type: "Linux",
    sku_name: "B1",
  });
}
