import type { QueueNode } from "../../../compiler/2-model/model.ts";
import { vendorName } from "../vendor-name.ts";
import { accountResource, type LowerNode } from "./lowering.ts";

/** A queue; who receives its messages stands with the app that consumes them. */
export const lowerQueue: LowerNode<QueueNode> = ({ model }, { name }) => ({
  resources: [
    accountResource(name, name, "cloudflare_queue", { queue_name: vendorName(model, name) }),
  ],
  grants: [{ group: "Queues Write", scope: "account" }],
  prices: [{ service: "cloudflare/queues", category: "queue", irreversible: false }],
});
