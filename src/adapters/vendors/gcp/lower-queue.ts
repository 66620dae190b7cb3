import type { Model, QueueNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { fitName } from "../fit-name.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { googleName } from "./google-name.ts";
import { GCP, native } from "./lowering.ts";

/** The longest that Pub/Sub keeps messages, 31 days: what nobody took is for people to look at. */
const RETENTION = "2678400s";

/** The most characters of a name, with those that say what else belongs to the queue; Pub/Sub takes 255. */
const NAME_MAX = 63;

/** Without it Pub/Sub deletes a subscription that nobody used for 31 days. */
export const NEVER_EXPIRES = object({ ttl: "" });

/** A topic, and one for what could not be delivered. A topic alone keeps nothing: each has a subscription, the first one that of the app which consumes the queue. */
export const lowerQueue: LowerNode<QueueNode> = ({ model }, { name }) => {
  const own = topicName(model, name);
  return {
    resources: [
      native(deadName(name), name, "google_pubsub_topic", { name: `${own}_dead` }),
      keep(`${name}.dead-letters`, name, deadName(name), `${own}_dead`),
      native(name, name, "google_pubsub_topic", { name: own }),
      ...(isConsumed(model, name) ? [] : [keep(`${name}.waiting`, name, name, `${own}_waiting`)]),
    ],
    prices: [{ service: "gcp/pubsub", category: "queue" }],
  };
};

/** What the topic of a queue is called, and the subscription of the app that consumes it: the app hears of the queue by this name. */
export function topicName(model: Model, queue: string): string {
  const name = vendorName(model, queue);
  return name.startsWith("goog") ? googleName(name, NAME_MAX) : fitName(name, NAME_MAX);
}

/** Where an app sends to. */
export function queueUrl(name: string): LoweredText {
  return concat("pubsub://pubsub.googleapis.com/", ref(name, "id"));
}

/** The topic of what could not be delivered. */
export function deadName(queue: string): string {
  return `${queue}.dead`;
}

/** Keeps the messages of a topic for whoever asks. */
function keep(name: string, queue: string, topic: string, own: string): LoweredResource {
  return native(name, queue, "google_pubsub_subscription", {
    name: own,
    topic: ref(topic, "id"),
    message_retention_duration: RETENTION,
    expiration_policy: NEVER_EXPIRES,
  });
}

function isConsumed({ resources }: Model, queue: string): boolean {
  return resources.some(
    (node) =>
      node.kind === "app" &&
      node.provider === GCP &&
      node.consumes.some(({ resource }) => resource === queue),
  );
}
