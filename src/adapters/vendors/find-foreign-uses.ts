import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { VendorConflict } from "./contract.ts";
import type { Overview } from "./node-lowering.ts";

/** Kinds that are no resource of a provider's own, so that any app can bind them wherever it runs. */
const PORTABLE: ReadonlySet<ResourceNode["kind"]> = new Set(["secret", "service"]);

/** What a resource binds, consumes or calls although another vendor has it. `whyBind` says why its app can't. */
export function findForeignUses(
  { nodes }: Overview,
  node: ResourceNode,
  whyBind: string,
): readonly VendorConflict[] {
  const isForeign = (resource: string): boolean => {
    const target = nodes.get(resource);
    return target !== undefined && !PORTABLE.has(target.kind) && target.provider !== node.provider;
  };
  if (node.kind === "cron" && isForeign(node.app))
    return [
      {
        resource: node.name,
        location: node.location,
        reason: "a schedule can only call an app of its own provider",
        remedy: "place both on the same provider",
      },
    ];
  if (node.kind !== "app") return [];
  return [...node.bind, ...node.consumes]
    .filter(({ resource }) => isForeign(resource))
    .map(({ location }) => ({
      resource: node.name,
      location,
      reason: whyBind,
      remedy: "place both on the same provider, or bind a resource of the kind service",
    }));
}
