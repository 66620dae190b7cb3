import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { Overview } from "./node-lowering.ts";

/** The resource of a name that the model has resolved. */
export function findNode({ nodes }: Pick<Overview, "nodes">, name: string): ResourceNode {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`no resource ${name}`);
  return node;
}
