import { setTimeout as sleep } from "node:timers/promises";
import { deliverMessages, type ReceivedMessage } from "./deliver-messages.ts";
import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { LEASE_SECONDS, type PostgresQueue } from "./postgres-queue.ts";

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

/** As Cloudflare's consumers of a compiled stack: ten messages at once, three deliveries after the first. */
const BATCH_SIZE = 10;
const ATTEMPTS_MAX = 4;
/** An empty queue is asked again after this time, one out of reach after a little more. */
const IDLE_MS = 500;
const FAILED_MS = 2_000;
/** The longest pause before a message is delivered again that the app gave no time for. */
const BACKOFF_SECONDS_MAX = 60;

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
    const done = new Set(delivery.acknowledged);
    await queue.acknowledge(messages.filter(({ id }) => done.has(id)));
    for (const { id, delaySeconds } of delivery.repeated) {
      const message = messages.find((candidate) => candidate.id === id);
      if (message === undefined) continue;
      if (message.attempts >= ATTEMPTS_MAX) await queue.bury(message);
      else await queue.repeat(message, delaySeconds ?? backOff(message.attempts));
    }
  } finally {
    clearInterval(renewal);
  }
}

function backOff(attempts: number): number {
  return Math.min(2 ** attempts, BACKOFF_SECONDS_MAX);
}
