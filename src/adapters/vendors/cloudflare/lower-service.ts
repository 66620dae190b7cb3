import type { ServiceNode } from "../../../compiler/2-model/model.ts";
import { lowerServiceInstance } from "../lease-resources.ts";
import type { LowerNode } from "./lowering.ts";

/** A service of Cloudflare's catalogue that has no kind of its own, such as `cloudflare/workers-ai`. */
export const lowerService: LowerNode<ServiceNode> = (_context, node) => ({
  resources: [lowerServiceInstance(node)],
  prices: [{ service: node.service, category: "services", irreversible: false }],
});
