import { setTimeout as sleep } from "node:timers/promises";
import { backOff } from "./back-off.ts";
import { deliverMessages, type ReceivedMessage } from "./deliver-messages.ts";
import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { ATTEMPTS_MAX, LEASE_SECONDS, type PostgresQueue } from "./postgres-queue.ts";

export interface Consumer {
  readonly app: PortableApp;
  readonly name: string;
  readonly queue: PostgresQueue;
  readonly env: Bindings;
  readonly context: AppContext;
  readonly report: (failure: unknown) => void;
  /** Ends the loop after the batch that is under way. */
  readonly signal: AbortSignal;
}

/** Messages at once, as of Cloudflare's consumers of a compiled stack. */
const BATCH_SIZE = 10;
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
        await handle(consumer, messages);
        continue;
      }
    } catch (error) {
      report(error);
      pause = FAILED_MS;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function handle(
  { app, name, queue, env, context, report }: Consumer,
  messages: readonly ReceivedMessage[],
): Promise<void> {
  const renewal = setInterval(
    () => void queue.extend(messages).catch(report),
    (LEASE_SECONDS * 1000) / 3,
  );
  try {
    const delivery = await deliverMessages(app, name, messages, { env, context });
    if (delivery.failure !== undefined) report(delivery.failure);
    const repeated = new Map(delivery.repeated.map(({ id, delaySeconds }) => [id, delaySeconds]));
    const settle = async (message: ReceivedMessage): Promise<void> => {
      if (!repeated.has(message.id)) return queue.acknowledge(message);
      if (message.attempts >= ATTEMPTS_MAX) return queue.bury(message);
      return queue.repeat(message, repeated.get(message.id) ?? backOff(message.attempts));
    };
    // Each alone: what cannot be settled comes again by itself.
    await Promise.all(messages.map((message) => settle(message).catch(report)));
  } finally {
    clearInterval(renewal);
  }
}
