import type { Model } from "../../compiler/2-model/model.ts";
import type { Overview } from "./node-lowering.ts";

/** Makes the resources of a model be found by name. */
export function createOverview(model: Model): Overview {
  return { model, nodes: new Map(model.resources.map((node) => [node.name, node])) };
}
