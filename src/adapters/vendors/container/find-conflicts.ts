import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { VendorConflict } from "../contract.ts";
import { CONTAINER } from "./lowering.ts";

/** Kinds that are no resource of a provider's own, so that any app can bind them wherever it runs. */
const PORTABLE: ReadonlySet<ResourceNode["kind"]> = new Set(["secret", "service"]);

/** An app finds what it binds on the network of its own host. */
export function findConflicts(
  model: Model,
  nodes: readonly ResourceNode[],
): readonly VendorConflict[] {
  const all = new Map(model.resources.map((node) => [node.name, node]));
  return nodes.flatMap((node) => {
    if (node.kind !== "app") return [];
    return [...node.bind, ...node.consumes].flatMap(({ resource, location }) => {
      const target = all.get(resource);
      if (!target || PORTABLE.has(target.kind) || target.provider === CONTAINER) return [];
      return {
        resource: node.name,
        location,
        reason: "a container can only bind what runs on its own host",
        remedy: "place both on the same provider, or bind a resource of the kind service",
      };
    });
  });
}
