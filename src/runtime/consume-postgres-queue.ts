import { setTimeout as sleep } from "node:timers/promises";
import { BATCH_SIZE, type BatchConsumer, consumeBatch } from "./consume-batch.ts";

export interface Consumer extends BatchConsumer {
  /** Ends the loop after the batch that is under way. */
  readonly signal: AbortSignal;
}

/** An empty queue is asked again after this time, one out of reach after a little more. */
const IDLE_MS = 500;
const FAILED_MS = 2_000;

/** Delivers the queue's messages to the app until the signal comes: each one at least once, in batches, one batch at a time. Never rejects. */
export async function consumePostgresQueue(consumer: Consumer): Promise<void> {
  const { queue, signal, report } = consumer;
  while (!signal.aborted) {
    let pause = IDLE_MS;
    try {
      const messages = await queue.receive(BATCH_SIZE);
      if (messages.length > 0) {
        await consumeBatch(consumer, messages);
        continue;
      }
    } catch (error) {
      report(error);
      pause = FAILED_MS;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
