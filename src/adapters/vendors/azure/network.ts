import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import { sharedName } from "./azure-names.ts";
import { IN_GROUP, native, PLACED } from "./lowering.ts";

/** The subnet through which apps reach their databases. */
export const APP_SUBNET = "azure.app-subnet";
/** The subnet in which the databases are. */
export const DATABASE_SUBNET = "azure.database-subnet";
/** The names of the databases, which only the network knows. */
export const DATABASE_ZONE = "azure.database-zone";
/** Once it is there, the network knows them. */
export const DATABASE_ZONE_LINK = "azure.database-zone-link";

const NETWORK = "azure.network";
const JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action";
const ACT = "Microsoft.Network/virtualNetworks/subnets/action";

/**
 * A network of the stack's own, in which its databases have their only addresses. Of what an app sends, the network gets what goes to these; the rest takes App
 * Service's own way out.
 */
export function lowerNetwork(model: Model): readonly LoweredResource[] {
  const own = sharedName(model);
  return [
    native(NETWORK, undefined, "azurerm_virtual_network", {
      name: own,
      ...PLACED,
      address_space: ["10.0.0.0/16"],
    }),
    lowerSubnet(APP_SUBNET, "apps", "10.0.0.0/24", ["Microsoft.Web/serverFarms", ACT]),
    lowerSubnet(DATABASE_SUBNET, "databases", "10.0.1.0/24", [
      "Microsoft.DBforPostgreSQL/flexibleServers",
      JOIN,
    ]),
    native(DATABASE_ZONE, undefined, "azurerm_private_dns_zone", {
      name: `${own}.private.postgres.database.azure.com`,
      ...IN_GROUP,
    }),
    native(DATABASE_ZONE_LINK, undefined, "azurerm_private_dns_zone_virtual_network_link", {
      name: own,
      ...IN_GROUP,
      private_dns_zone_name: ref(DATABASE_ZONE, "name"),
      virtual_network_id: ref(NETWORK, "id"),
    }),
  ];
}

/** A part of the network that is one service's alone. */
function lowerSubnet(
  resource: string,
  name: string,
  block: string,
  [service, action]: readonly [service: string, action: string],
): LoweredResource {
  return native(resource, undefined, "azurerm_subnet", {
    name,
    ...IN_GROUP,
    virtual_network_name: ref(NETWORK, "name"),
    address_prefixes: [block],
    delegation: [
      object({ name, service_delegation: object({ name: service, actions: [action] }) }),
    ],
  });
}
