import { measureBody, type QueueMessage } from "./queue-message.ts";

/** Limits of the Queues docs, "Limits": bytes of one message, bytes and messages of one batch. */
const MESSAGE_BYTES_MAX = 128_000;
const BATCH_BYTES_MAX = 256_000;
const BATCH_COUNT_MAX = 100;

/** Why the messages of one call are too large or too many, in the service's words; undefined when they are not. */
export function checkQueueLimits(
  messages: readonly Pick<QueueMessage, "type" | "text">[],
): string | undefined {
  const sizes = messages.map(measureBody);
  const largest = Math.max(0, ...sizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (largest > MESSAGE_BYTES_MAX)
    return `message length of ${largest} bytes exceeds limit of ${MESSAGE_BYTES_MAX}`;
  if (messages.length > BATCH_COUNT_MAX)
    return `batch message count of ${messages.length} exceeds limit of ${BATCH_COUNT_MAX}`;
  if (messages.length > 1 && total > BATCH_BYTES_MAX)
    return `batch size of ${total} bytes exceeds limit of ${BATCH_BYTES_MAX}`;
  return undefined;
}
