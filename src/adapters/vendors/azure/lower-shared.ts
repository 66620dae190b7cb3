import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource } from "../contract.ts";
import { object } from "../lowered-values.ts";
import { isTable } from "./lower-postgres.ts";
import { GROUP, native, PLACED, PLAN, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";

/** The provider, the resource group, and what some of the resources share: the plan of apps and sites, the network of databases. */
export function lowerShared(
  model: Model,
  nodes: readonly ResourceNode[],
): readonly LoweredResource[] {
  const name = `${model.name}-${model.stack}`;
  const hasWeb = nodes.some(isWeb);
  const hasTables = nodes.some(isTable);
  const hasBuckets = nodes.some(({ kind }) => kind === "bucket");
  if (!hasWeb && !hasTables && !hasBuckets) return [];
  const services = [
    ...(hasWeb ? ["Microsoft.Web", "Microsoft.ManagedIdentity"] : []),
    ...(hasTables ? ["Microsoft.DBforPostgreSQL", "Microsoft.Network"] : []),
    ...(hasBuckets ? ["Microsoft.Storage"] : []),
  ];
  return [
    {
      name: PROVIDER_NAME,
      origin: undefined,
      type: "provider_azurerm",
      args: {
        features: object({
          resource_group: object({ prevent_deletion_if_contains_resources: true }),
          // Accounts have no keys, and whoever runs the engine needs no right to what is in them.
          storage: object({ data_plane_available: false }),
        }),
        resource_provider_registrations: "none",
        resource_providers_to_register: services.toSorted(),
      },
    },
    native(GROUP, undefined, "azurerm_resource_group", { name, location: REGION }),
    ...(hasWeb ? [lowerPlan(name)] : []),
    ...(hasTables ? lowerNetwork(model) : []),
  ];
}

/** Whether a resource runs on the plan. */
export function isWeb({ kind }: ResourceNode): boolean {
  return kind === "app" || kind === "site";
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
