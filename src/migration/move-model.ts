import type { Vendor, VendorConflict } from "../adapters/vendors/contract.ts";
import type { Model, ResourceKind } from "../compiler/2-model/model.ts";
import { stayReason } from "./stay-reason.ts";

/** A model with everything at one vendor that can be there. */
export interface MovedModel {
  readonly model: Model;
  /** Names of the resources that would go from another vendor to this one. */
  readonly moved: ReadonlySet<string>;
  /** What stands against it once resources are seen together. */
  readonly conflicts: readonly VendorConflict[];
}

/** Places on a vendor whatever it serves; domains, records and services stay. Asks nobody. */
export function moveModel(
  model: Model,
  vendor: Vendor,
  findVendor: (provider: string) => Vendor,
): MovedModel {
  const moved = new Set<string>();
  const resources = model.resources.map((node) => {
    if (node.kind === "service" || node.provider === vendor.id) return node;
    if (stayReason(node, vendor) !== undefined) return node;
    moved.add(node.name);
    const services: Partial<Record<ResourceKind, string>> = vendor.services ?? {};
    return { ...node, provider: vendor.id, insteadOf: undefined, service: services[node.kind] };
  });
  const there: Model = { ...model, resources };
  const conflicts = [...Map.groupBy(resources, ({ provider }) => provider)].flatMap(
    ([provider, nodes]) => findVendor(provider).findConflicts?.(there, nodes) ?? [],
  );
  return { model: there, moved, conflicts };
}
