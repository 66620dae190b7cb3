import { AwsClient } from "aws4fetch";
import { checkDelay } from "./check-delay.ts";
import { encodeBody, type QueueProducer, type SendOptions } from "./postgres-queue.ts";
import type { ServiceAddress } from "./service-url.ts";

/** Entries of one `SendMessageBatch` (SQS API reference). */
const ENTRIES_MAX = 10;

/** Sends to a queue of Amazon SQS by its JSON protocol; whom it delivers to is set up there. The path is `ACCOUNT/NAME`, or the queue's own URL as AWS tells it. */
export function openSqsQueue({
  endpoint,
  path,
  region,
  credentials,
}: ServiceAddress): QueueProducer {
  const client = new AwsClient({ ...credentials, service: "sqs", region });
  const queueUrl = path.startsWith("https://") ? path : `${endpoint}/${path}`;
  const sendBatch = async (messages: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    // All of them, before the first is sent.
    const all = messages.map(({ body, delaySeconds = 0 }) => ({
      MessageBody: encodeBody(body),
      DelaySeconds: checkDelay(delaySeconds),
    }));
    for (let first = 0; first < all.length; first += ENTRIES_MAX) {
      const entries = all
        .slice(first, first + ENTRIES_MAX)
        .map((entry, index) => ({ Id: String(index), ...entry }));
      const answer = await client.fetch(`${endpoint}/`, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "AmazonSQS.SendMessageBatch",
        },
        body: JSON.stringify({ QueueUrl: queueUrl, Entries: entries }),
      });
      const { Failed = [] } = answer.ok
        ? ((await answer.json()) as { readonly Failed?: readonly unknown[] })
        : { Failed: entries };
      if (Failed.length > 0)
        throw new Error(`SQS did not take ${Failed.length} messages (${answer.status})`);
    }
  };
  return {
    send: (body, options = {}) => sendBatch([{ ...options, body }]),
    sendBatch: (messages) => sendBatch([...messages]),
  };
}
