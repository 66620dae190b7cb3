import type { LoweredResource } from "../contract.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { accountEmail } from "./account.ts";
import { CODE } from "./code-bucket.ts";
import { TIMEOUT_SECONDS } from "./function-limits.ts";
import { callerName } from "./function-names.ts";
import { deadName, NEVER_EXPIRES, topicName } from "./lower-queue.ts";
import { native } from "./lowering.ts";
import { serviceHost } from "./service-host.ts";

/** The fewest that Pub/Sub takes. Everywhere else it is 4. */
const DELIVERIES_MAX = 5;
/** 7 days, as long as Pub/Sub keeps messages by itself. */
const RETENTION = "604800s";

/** Pushes a queue's messages to an app, in the name of the app's own account, which is the only one that may call its function. */
export function lowerConsumer(
  context: Context,
  app: string,
  queue: string,
): readonly LoweredResource[] {
  const subscription = `${app}.subscription-${queue}`;
  const dead = deadName(queue);
  return [
    native(
      subscription,
      app,
      "google_pubsub_subscription",
      {
        name: topicName(context.model, queue),
        topic: ref(queue, "id"),
        push_config: object({
          push_endpoint: concat("https://", ...serviceHost(context, app, "queue")),
          oidc_token: object({ service_account_email: accountEmail(app) }),
        }),
        ack_deadline_seconds: 2 * TIMEOUT_SECONDS,
        retry_policy: object({ minimum_backoff: "2s", maximum_backoff: "60s" }),
        dead_letter_policy: object({
          dead_letter_topic: ref(dead, "id"),
          max_delivery_attempts: DELIVERIES_MAX,
        }),
        message_retention_duration: RETENTION,
        expiration_policy: NEVER_EXPIRES,
      },
      [callerName(app, "queue")],
    ),
    ...grantsToGiveUp(app, queue, subscription),
  ];
}

/** What Pub/Sub itself needs to put elsewhere what could not be delivered (Pub/Sub docs, "Dead-letter topics"). */
function grantsToGiveUp(
  app: string,
  queue: string,
  subscription: string,
): readonly LoweredResource[] {
  const member = concat(
    "serviceAccount:service-",
    ref(CODE, "project_number"),
    "@gcp-sa-pubsub.iam.gserviceaccount.com",
  );
  return [
    native(`${app}.gives-up-${queue}`, app, "google_pubsub_topic_iam_member", {
      topic: ref(deadName(queue), "name"),
      role: "roles/pubsub.publisher",
      member,
    }),
    native(`${app}.acknowledges-${queue}`, app, "google_pubsub_subscription_iam_member", {
      subscription: ref(subscription, "name"),
      role: "roles/pubsub.subscriber",
      member,
    }),
  ];
}
