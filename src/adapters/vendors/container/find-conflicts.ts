import type { Model, ResourceNode, Text } from "../../../compiler/2-model/model.ts";
import type { VendorConflict } from "../contract.ts";
import { createOverview } from "../create-overview.ts";
import { findForeignUses } from "../find-foreign-uses.ts";
import type { Overview } from "../node-lowering.ts";
import { CONTAINER } from "./lowering.ts";

/** An app finds what it binds on the network of its own host, and what has no route is found on that host alone. */
export function findConflicts(
  model: Model,
  nodes: readonly ResourceNode[],
): readonly VendorConflict[] {
  const overview = createOverview(model);
  return [
    ...nodes.flatMap((node) =>
      findForeignUses(overview, node, {
        whyBind: "a container can only bind what runs on its own host",
      }),
    ),
    ...model.resources.flatMap((node) => findLocalAddresses(overview, node)),
  ];
}

/** Addresses below `localhost` that a resource of another vendor is to know. */
function findLocalAddresses(overview: Overview, node: ResourceNode): readonly VendorConflict[] {
  if (node.provider === CONTAINER) return [];
  const targets = textsOf(node).flatMap((text) =>
    text.flatMap((part) =>
      typeof part === "string" ? [] : (overview.nodes.get(part.resource) ?? []),
    ),
  );
  const local = targets.find(
    (target) =>
      target.provider === CONTAINER &&
      (target.kind === "app" || target.kind === "site") &&
      target.routes.length === 0,
  );
  if (local === undefined) return [];
  return [
    {
      resource: local.name,
      location: node.location,
      reason: `${node.name} needs its address, which without a route is found on its own host alone`,
      remedy: `give ${local.name} a route, or place both on the same provider`,
    },
  ];
}

function textsOf(node: ResourceNode): readonly Text[] {
  if (node.kind === "app") return node.env.map(({ value }) => value);
  return node.kind === "dns" ? [node.content] : [];
}
