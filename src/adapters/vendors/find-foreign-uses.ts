import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { VendorConflict } from "./contract.ts";
import type { Overview } from "./node-lowering.ts";

/** Kinds that are no resource of a provider's own, so that any app can bind them wherever it runs. The overview has a database that is a service as one. */
const PORTABLE: ReadonlySet<ResourceNode["kind"]> = new Set(["secret", "service"]);

/**
 * What a resource binds, consumes or calls although another vendor has it. `whyBind` says why its app can't. `opens` is whether our runtime is around the app, which makes a database
 * or store of a service's credentials.
 */
export function findForeignUses(
  { nodes }: Overview,
  node: ResourceNode,
  { whyBind, opens = true }: { readonly whyBind: string; readonly opens?: boolean },
): readonly VendorConflict[] {
  const isForeign = (resource: string): boolean => {
    const target = nodes.get(resource);
    if (target === undefined || target.provider === node.provider) return false;
    if (target.kind === "service" && target.serves !== undefined) return !opens;
    return !PORTABLE.has(target.kind);
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
