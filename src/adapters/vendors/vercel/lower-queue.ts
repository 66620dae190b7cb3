import type { QueueNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "../node-lowering.ts";

/** A topic of Vercel Queues, which comes to be with its first message, in the project of the app that uses it: the trigger stands in that app's deployment. */
export const lowerQueue: LowerNode<QueueNode> = () => ({
  resources: [],
  prices: [{ service: "vercel/queues", category: "queue" }],
});
