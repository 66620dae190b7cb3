import { BATCH_SIZE, type BatchConsumer, consumeBatch } from "./consume-batch.ts";

/** How long batches are begun, milliseconds: a function that is called at its time has 30 seconds. */
const BEGIN_MS = 15_000;

/** Delivers what is due in a queue, batch by batch, until there is no more or a little time is over. */
export async function drainQueue(consumer: BatchConsumer): Promise<void> {
  const end = performance.now() + BEGIN_MS;
  while (performance.now() < end) {
    const messages = await consumer.queue.receive(BATCH_SIZE);
    if (messages.length === 0) return;
    await consumeBatch(consumer, messages);
  }
}
