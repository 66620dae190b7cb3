import type { Vendor, VendorConflict } from "../adapters/vendors/contract.ts";
import type { Model, ResourceKind, ResourceNode, ServiceNode } from "../compiler/2-model/model.ts";
import { stayReason } from "./stay-reason.ts";

/** A model with everything at one vendor that can be there. */
export interface MovedModel {
  readonly model: Model;
  /** Names of the resources that would go from another vendor to this one. */
  readonly moved: ReadonlySet<string>;
  /** Who serves what the vendor itself does not, in its place, so that its apps reach it: by the name of the resource. */
  readonly standIns: ReadonlyMap<string, Vendor>;
  /** What stands against it once resources are seen together. */
  readonly conflicts: readonly VendorConflict[];
}

/**
 * Places on a vendor whatever it serves; domains, records and services stay. What it does not serve and apps reach by a service goes to the first of `others` that has it.
 * With `leavesServices` a database that is a service of the catalogue stays, too: its apps reach it from the new place. Asks nobody.
 */
export function moveModel(
  model: Model,
  vendor: Vendor,
  findVendor: (provider: string) => Vendor,
  {
    others = [],
    leavesServices = false,
  }: { readonly others?: readonly Vendor[]; readonly leavesServices?: boolean } = {},
): MovedModel {
  const moved = new Set<string>();
  const standIns = new Map<string, Vendor>();
  const resources = model.resources.map((node): ResourceNode => {
    if (node.kind === "service" || node.provider === vendor.id) return node;
    if (leavesServices && node.service !== undefined) return node;
    if (stayReason(node, vendor) === undefined) {
      moved.add(node.name);
      return place(node, vendor);
    }
    const isServed = vendor.kinds.has(node.kind) || node.service !== undefined;
    const other = isServed ? undefined : others.find((one) => standsIn(one, node));
    if (other === undefined) return node;
    standIns.set(node.name, other);
    return { ...place(node, other), insteadOf: vendor.title };
  });
  const there: Model = { ...model, resources };
  const conflicts = [...Map.groupBy(resources, ({ provider }) => provider)].flatMap(
    ([provider, nodes]) => findVendor(provider).findConflicts?.(there, nodes) ?? [],
  );
  return { model: there, moved, standIns, conflicts };
}

function standsIn(vendor: Vendor, node: ResourceNode): boolean {
  return serviceAt(vendor, node) !== undefined && stayReason(node, vendor) === undefined;
}

function place(node: Exclude<ResourceNode, ServiceNode>, vendor: Vendor): ResourceNode {
  const service = serviceAt(vendor, node);
  return { ...node, provider: vendor.id, insteadOf: undefined, service };
}

function serviceAt({ services = {} }: Vendor, { kind }: ResourceNode): string | undefined {
  const all: Readonly<Partial<Record<ResourceKind, string>>> = services;
  return all[kind];
}
