import type { Model, ResourceKind, ResourceNode } from "../../compiler/2-model/model.ts";
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
): readonly (LoweredNode & { readonly node: ResourceNode })[] {
  const all = new Map(model.resources.map((node) => [node.name, node]));
  const context: Context = { model, nodes: all };
  const byKind = lower as Readonly<Record<ResourceKind, LowerNode<ResourceNode>>>;
  return nodes.map((node) => ({ node, ...byKind[node.kind](context, node) }));
}
