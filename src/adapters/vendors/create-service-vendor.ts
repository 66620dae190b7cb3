import type { ResourceKind, ResourceNode } from "../../compiler/2-model/model.ts";
import { asService } from "./as-service.ts";
import type { Lowered, LoweredResource, Vendor } from "./contract.ts";
import { createProtocolVendor } from "./create-protocol-vendor.ts";
import { leaseName, lowerServiceInstance } from "./lease-resources.ts";

/** What a provider of the catalogue says of itself to serve portable kinds. */
export interface ServiceOffer extends Pick<Vendor, "id" | "title" | "semantics" | "refuse"> {
  readonly services: NonNullable<Vendor["services"]>;
  /**
   * Plans of the catalogue, one of which an account must be on before it can have these services. The first costs nothing and is ordered where the manifest
   * orders none of them by `kind: service`.
   */
  readonly plans: readonly [string, ...string[]];
}

/**
 * A provider of the catalogue whose services serve portable kinds, too: each resource is a service of its own, so that removing it removes exactly its data. Whatever else
 * it sells is had by `kind: service`, as from any provider.
 */
export function createServiceVendor({ plans, ...own }: ServiceOffer): Vendor {
  const protocol = createProtocolVendor(own.id);
  const served = Object.keys(own.services) as ResourceKind[];
  return {
    ...protocol,
    ...own,
    kinds: new Set([...protocol.kinds, ...served]),
    lower(model, nodes, surroundings) {
      const lowered = protocol.lower(
        model,
        nodes.map((node) => asService(node) ?? node),
        surroundings,
      );
      if (nodes.every(({ kind }) => kind === "service")) return lowered;
      const needing = nodes.filter((node) => !isPlan(node, plans)).map(({ name }) => name);
      return orderPlan(lowered, new Set(needing), findPlan(nodes, plans));
    },
  };
}

/** A plan that the account has to be on, and what it is called in the stack. */
interface Plan {
  readonly name: string;
  /** Undefined where the manifest orders it. */
  readonly service?: string | undefined;
}

function isPlan(node: ResourceNode, plans: ServiceOffer["plans"]): boolean {
  return node.kind === "service" && plans.includes(node.service);
}

function findPlan(nodes: readonly ResourceNode[], plans: ServiceOffer["plans"]): Plan {
  const ordered = nodes.find((node) => isPlan(node, plans));
  if (ordered !== undefined) return { name: ordered.name };
  const [service] = plans;
  return { name: leaseName(service.slice(0, service.indexOf("/")), "plan"), service };
}

/** Has the plan ordered before what needs it, with whatever the price of that hangs on. */
function orderPlan(
  lowered: Lowered,
  needing: ReadonlySet<string>,
  { name, service }: Plan,
): Lowered {
  const resources = lowered.resources.map(
    (one): LoweredResource => (needing.has(one.name) ? { ...one, dependsOn: [name] } : one),
  );
  if (service === undefined) return { ...lowered, resources };
  const plan = { ...lowerServiceInstance({ name, service, config: {} }), origin: undefined };
  const isShared = ({ origin }: LoweredResource): boolean => origin === undefined;
  return {
    ...lowered,
    resources: [...resources.filter(isShared), plan, ...resources.filter((one) => !isShared(one))],
    prices: [
      { resource: name, service, category: "services", irreversible: false },
      ...lowered.prices,
    ],
  };
}
