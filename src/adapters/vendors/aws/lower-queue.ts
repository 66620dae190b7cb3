import type { QueueNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, json, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { TIMEOUT_SECONDS } from "./function-limits.ts";
import { native, REGION } from "./lowering.ts";

/** As everywhere else. */
const DELIVERIES_MAX = 4;
const BATCH = 10;
/** The longest that SQS keeps a message: 14 days. */
const RETENTION_SECONDS = 1_209_600;

/** A queue, and one in which people find what could not be delivered. */
export const lowerQueue: LowerNode<QueueNode> = ({ model }, { name }) => ({
  resources: [
    native(`${name}.dead`, name, "aws_sqs_queue", {
      name: `${vendorName(model, name)}_dead`,
      message_retention_seconds: RETENTION_SECONDS,
      sqs_managed_sse_enabled: true,
    }),
    native(name, name, "aws_sqs_queue", {
      name: vendorName(model, name),
      // Six times what a function may take (Lambda docs, "Configuring a queue to use with Lambda").
      visibility_timeout_seconds: 6 * TIMEOUT_SECONDS,
      redrive_policy: json({
        deadLetterTargetArn: ref(`${name}.dead`, "arn"),
        maxReceiveCount: DELIVERIES_MAX,
      }),
      sqs_managed_sse_enabled: true,
    }),
  ],
  prices: [{ service: "aws/sqs", category: "queue" }],
});

/** Hands a queue's messages to an app, which says of each whether it is done with it. */
export function lowerConsumer(app: string, queue: string): LoweredResource {
  return native(`${app}.consumer.${queue}`, app, "aws_lambda_event_source_mapping", {
    event_source_arn: ref(queue, "arn"),
    function_name: ref(app, "arn"),
    batch_size: BATCH,
    function_response_types: ["ReportBatchItemFailures"],
  });
}

/** The service's address, which has IPv6, too, and behind it the queue's own URL, in which the account stands. */
export function queueUrl(name: string): LoweredText {
  return concat(`sqs://sqs.${REGION}.amazonaws.com/`, ref(name, "url"), `?region=${REGION}`);
}
