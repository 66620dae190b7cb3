import type { PlaneConsumer } from "./plan.ts";
import type { QueueMessage } from "./queue-message.ts";

/** What a consumer made of a batch, as workerd tells it. */
export interface BatchOutcome {
  readonly outcome: string;
  readonly ackAll: boolean;
  readonly retryBatch: { readonly retry: boolean; readonly delaySeconds?: number | undefined };
  readonly explicitAcks: readonly string[];
  readonly retryMessages: readonly {
    readonly msgId: string;
    readonly delaySeconds?: number | undefined;
  }[];
}

/** What becomes of the messages of a batch: those to forget, and those to keep as they are then. */
export interface BatchJudgement {
  readonly dropped: readonly QueueMessage[];
  readonly kept: readonly QueueMessage[];
}

/**
 * Applies a consumer's answer: acknowledged messages are dropped, others come again after their delay, and what failed more than `maxRetries` times goes to
 * `deadLetterQueue` or is dropped. Times are milliseconds since the epoch.
 *
 * Source: Queues docs, "Batching, Retries and Delays" and "Dead Letter Queues".
 */
export function judgeBatch(
  batch: readonly QueueMessage[],
  outcome: BatchOutcome,
  consumer: PlaneConsumer,
  deadLetterQueue: string | undefined,
  now: number,
): BatchJudgement {
  const acknowledged = new Set(outcome.explicitAcks);
  const retried = new Map(outcome.retryMessages.map((one) => [one.msgId, one.delaySeconds]));
  const retriesAll = outcome.retryBatch.retry || (outcome.outcome !== "ok" && !outcome.ackAll);
  const dropped: QueueMessage[] = [];
  const kept: QueueMessage[] = [];
  for (const message of batch) {
    const failures = message.failures + 1;
    const delay = retried.get(message.id) ?? outcome.retryBatch.delaySeconds ?? consumer.retryDelay;
    const failed = retried.has(message.id) || (retriesAll && !acknowledged.has(message.id));
    if (failed && failures <= consumer.maxRetries)
      kept.push({ ...message, failures, dueAt: now + delay * 1000 });
    else if (failed && deadLetterQueue !== undefined && deadLetterQueue !== message.queue)
      kept.push({ ...message, queue: deadLetterQueue, failures: 0, dueAt: now });
    else dropped.push(message);
  }
  return { dropped, kept };
}
