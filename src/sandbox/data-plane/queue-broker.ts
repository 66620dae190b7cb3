import type { SandboxContext } from "../context.ts";
import { type BatchOutcome, judgeBatch } from "./judge-batch.ts";
import { type MessageShelf, openMessageShelf } from "./message-shelf.ts";
import type { PlaneConsumer, PlaneQueue } from "./plan.ts";
import { checkQueueLimits } from "./queue-limits.ts";
import { measureBody, type QueueMessage } from "./queue-message.ts";

/** A message to send; `delaySeconds` beats the queue's own delay. */
export interface OutgoingMessage {
  readonly type: QueueMessage["type"];
  readonly text: string;
  readonly delaySeconds?: number | undefined;
}

/** Delivers a batch; rejects when workerd could not be asked, which counts as no delivery. */
export type DispatchBatch = (
  consumer: PlaneConsumer,
  queue: PlaneQueue,
  batch: readonly QueueMessage[],
) => Promise<BatchOutcome>;

/** Durable queues in front of the Workers. */
export interface QueueBroker {
  configure(queues: readonly PlaneQueue[]): void;
  /** The error's text when the queue refuses, else undefined. All or none. */
  send(queue: string, messages: readonly OutgoingMessage[]): string | undefined;
  metrics(queue: string): { readonly backlogCount: number; readonly backlogBytes: number };
  /** Looks whether anything is due; called every second, because the sandbox's clock may jump. */
  pump(): void;
  /** Forgets a deleted queue's messages. */
  purge(queue: string): void;
  /** Ends delivery; waits a moment for the batch under way, which is delivered again later when it does not finish. */
  close(): Promise<void>;
}

/** How long to wait after workerd could not be asked, in milliseconds. */
const OUTAGE_MS = 1_000;

/** How long the end waits for a batch under way, in milliseconds. */
const CLOSE_MS = 2_000;

/** Waits longer than this are the every-second look's business, in milliseconds. */
const TIMER_MS_MAX = 2_000;

/** Messages are on disk before `send` answers and leave it after the consumer's answer: at-least-once, like the real ones. */
export function createQueueBroker(
  context: Pick<SandboxContext, "store" | "now" | "random">,
  dispatch: DispatchBatch,
): QueueBroker {
  const shelf = openMessageShelf(context.store);
  const delivery = createDelivery(context.now, shelf, dispatch);
  return {
    configure: delivery.configure,
    send(id, messages) {
      const queue = delivery.find(id);
      if (queue === undefined) return "the queue does not exist";
      const refusal = checkQueueLimits(messages);
      if (refusal !== undefined) return refusal;
      const sentAt = context.now();
      const kept = messages.map(({ type, text, delaySeconds = queue.deliveryDelay }) => ({
        id: context.random(16),
        queue: id,
        type,
        text,
        sentAt,
        dueAt: sentAt + delaySeconds * 1000,
        failures: 0,
      }));
      shelf.change(kept, []);
      delivery.pump();
      return undefined;
    },
    metrics(id) {
      const messages = shelf.list(id);
      const backlogBytes = messages.reduce((sum, message) => sum + measureBody(message), 0);
      return { backlogCount: messages.length, backlogBytes };
    },
    pump: delivery.pump,
    purge: (id) => shelf.change([], shelf.list(id)),
    close: delivery.close,
  };
}

/** Hands due messages to their consumers, one batch per queue at a time. */
function createDelivery(now: () => number, shelf: MessageShelf, dispatch: DispatchBatch) {
  const queues = new Map<string, PlaneQueue>();
  const running = new Map<string, Promise<void>>();
  const pausedUntil = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function deliver(
    queue: PlaneQueue,
    consumer: PlaneConsumer,
    batch: readonly QueueMessage[],
  ): Promise<void> {
    try {
      const outcome = await dispatch(consumer, queue, batch);
      const deadLetters = queues.get(consumer.deadLetterQueue ?? "")?.id;
      const { kept, dropped } = judgeBatch(batch, outcome, consumer, deadLetters, now());
      shelf.change(kept, dropped);
    } catch {
      pausedUntil.set(queue.id, Date.now() + OUTAGE_MS);
    } finally {
      running.delete(queue.id);
      pump();
    }
  }

  /** Starts what is due in one queue; answers in how many milliseconds to look again. */
  function pumpQueue(queue: PlaneQueue): number {
    const { consumer } = queue;
    if (consumer === undefined || queue.deliveryPaused || running.has(queue.id)) return Infinity;
    const pause = (pausedUntil.get(queue.id) ?? 0) - Date.now();
    if (pause > 0) return pause;
    const moment = now();
    const messages = shelf.list(queue.id);
    const due = messages.filter((message) => message.dueAt <= moment);
    const [oldest] = due;
    if (oldest === undefined)
      return Math.min(Infinity, ...messages.map((message) => message.dueAt - moment));
    const rest = oldest.dueAt + consumer.maxWaitMilliseconds - moment;
    if (due.length < consumer.batchSize && rest > 0) return rest;
    running.set(queue.id, deliver(queue, consumer, due.slice(0, consumer.batchSize)));
    return Infinity;
  }

  function pump(): void {
    clearTimeout(timer);
    if (isClosed) return;
    const wait = Math.min(...[...queues.values()].map(pumpQueue), Infinity);
    if (wait > TIMER_MS_MAX) return;
    timer = setTimeout(pump, Math.max(wait, 1));
    timer.unref();
  }

  return {
    pump,
    find: (id: string) => queues.get(id),
    configure(list: readonly PlaneQueue[]) {
      queues.clear();
      for (const queue of list) queues.set(queue.id, queue);
      pump();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const deadline = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([Promise.all(running.values()), deadline]);
    },
  };
}
