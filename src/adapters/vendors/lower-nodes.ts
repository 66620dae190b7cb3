import type { Model, ResourceKind, ResourceNode } from "../../compiler/2-model/model.ts";
import type { ResolveReference } from "./contract.ts";
import { createOverview } from "./create-overview.ts";
import type { Context, LoweredNode, LowerNode } from "./node-lowering.ts";

/** How a vendor lowers each kind that it serves. */
export type LowerKinds<K extends ResourceKind> = {
  readonly [Kind in K]: LowerNode<Extract<ResourceNode, { kind: Kind }>>;
};

/** What became of each manifest resource that is placed on a vendor without accounts; the vendor has refused kinds that are not in `lower`. */
export function lowerNodes<K extends ResourceKind>(
  lower: LowerKinds<K>,
  model: Model,
  nodes: readonly ResourceNode[],
  resolve: ResolveReference,
): readonly (LoweredNode & { readonly node: ResourceNode })[] {
  const context: Context = { ...createOverview(model), resolve };
  const byKind = lower as Readonly<Record<ResourceKind, LowerNode<ResourceNode>>>;
  return nodes.map((node) => ({ node, ...byKind[node.kind](context, node) }));
}
