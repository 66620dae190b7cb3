import type { ServiceNode } from "../../compiler/2-model/model.ts";
import type { Vendor } from "./contract.ts";
import { lowerAccount, lowerPaymentToken, lowerServiceInstance } from "./lease-resources.ts";
import { ref } from "./lowered-values.ts";

/**
 * Serves the catalogue's services of any provider through the provisioning protocol: no native resources, hence no access
 * token and no provider package, and no code of our own per provider.
 */
export function createProtocolVendor(provider: string): Vendor {
  return {
    id: provider,
    title: provider,
    hasAccounts: true,
    kinds: new Set(["service"]),
    semantics: {},
    refuse: () => undefined,
    createResolver:
      () =>
      ({ resource }) => [ref(resource, "instance_id")],
    lower(model, nodes) {
      const services = nodes.filter((node): node is ServiceNode => node.kind === "service");
      return {
        provider,
        resources: [
          lowerAccount(model, provider),
          lowerPaymentToken(model, provider),
          ...services.map(lowerServiceInstance),
        ],
        artifacts: [],
        permissions: [],
        prices: services.map((node) => ({
          resource: node.name,
          service: node.service,
          category: "services",
          irreversible: false,
        })),
        outputs: {},
      };
    },
  };
}
