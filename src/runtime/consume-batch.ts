import { backOff } from "./back-off.ts";
import { deliverMessages, type ReceivedMessage } from "./deliver-messages.ts";
import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { ATTEMPTS_MAX, LEASE_SECONDS, type PostgresQueue } from "./postgres-queue.ts";

/** Who takes a queue's messages. */
export interface BatchConsumer {
  readonly app: PortableApp;
  readonly name: string;
  readonly queue: PostgresQueue;
  readonly env: Bindings;
  readonly context: AppContext;
  readonly report: (failure: unknown) => void;
}

/** Messages at once, as of Cloudflare's consumers of a compiled stack. */
export const BATCH_SIZE = 10;
/** Delivers received messages to the app, keeps them from others meanwhile, and tells the queue what becomes of each. */
export async function consumeBatch(
  { app, name, queue, env, context, report }: BatchConsumer,
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
