import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Vendor, VendorConflict } from "../contract.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";

/** What Vercel would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) => [
  ...findFunctionConflicts(model, nodes, {}),
  ...findSharedQueues(nodes),
];

/** A topic is of one project, and an app is a project: another one could neither send to it nor get its messages (Vercel docs, "Queues concepts", "Topics are project-scoped"). */
function findSharedQueues(nodes: readonly ResourceNode[]): readonly VendorConflict[] {
  const queues = new Set(nodes.flatMap(({ kind, name }) => (kind === "queue" ? [name] : [])));
  const owners = new Map<string, string>();
  return nodes.flatMap((node) => {
    if (node.kind !== "app") return [];
    const uses = [...node.bind, ...node.consumes].filter(({ resource }) => queues.has(resource));
    return uses.flatMap(({ resource, location }) => {
      const owner = owners.get(resource) ?? node.name;
      owners.set(resource, owner);
      if (owner === node.name) return [];
      return {
        resource: node.name,
        location,
        reason:
          "a queue has one app, which both sends and consumes, and another app uses this one already",
        remedy:
          "let one app do both, or write provider: cloudflare, container, aws, azure or gcp in the queue and its apps",
      };
    });
  });
}
