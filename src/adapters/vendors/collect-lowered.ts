import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { Lowered } from "./contract.ts";
import type { LoweredNode } from "./node-lowering.ts";

/** What the resources of a vendor without accounts come to, but for what they share. Nothing of it is bought here. */
export function collectLowered(
  lowered: readonly (LoweredNode & { readonly node: ResourceNode })[],
): Pick<Lowered, "artifacts" | "permissions" | "prices" | "outputs"> {
  return {
    artifacts: lowered.flatMap(({ artifacts = [] }) => artifacts),
    permissions: [],
    prices: lowered.flatMap(({ node, prices = [] }) =>
      prices.map((price) => ({ resource: node.name, ...price, irreversible: false })),
    ),
    outputs: Object.fromEntries(
      lowered.flatMap(({ node, url }) => (url === undefined ? [] : [[node.name, url]])),
    ),
  };
}
