import type { Model } from "../../compiler/2-model/model.ts";
import { asService } from "./as-service.ts";
import type { Overview } from "./node-lowering.ts";

/** Makes the resources of a model be found by name. What is a service of the catalogue is found as one, so that no vendor takes it for a resource like its own. */
export function createOverview(model: Model): Overview {
  return {
    model,
    nodes: new Map(model.resources.map((node) => [node.name, asService(node) ?? node])),
  };
}
