import { askVercelQueues } from "./ask-vercel-queues.ts";
import { checkDelay } from "./check-delay.ts";
import { encodeBody, type QueueProducer, type SendOptions } from "./postgres-queue.ts";
import type { TextVariables } from "./service-url.ts";

/** The longest that Vercel keeps a message, and delays it: seven days. Its default would lose what is delayed for longer than one. */
const RETENTION_SECONDS = 604_800;

/**
 * Sends to a topic of Vercel Queues, `vercel-queue:REGION/TOPIC`, as the deployment that runs: its own function gets the messages. It takes one message a request.
 * @throws TypeError when the URL names no topic.
 */
export function openVercelQueue({ pathname }: URL, variables: TextVariables): QueueProducer {
  const [, region, topic] = /^([a-z0-9]+)\/([A-Za-z0-9_-]+)$/.exec(pathname) ?? [];
  if (region === undefined || topic === undefined)
    throw new TypeError("it names no region or no topic");
  const sendBatch = async (messages: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    // All of them, before the first is sent.
    const all = messages.map(({ body, delaySeconds = 0 }) => ({
      body: encodeBody(body),
      headers: {
        "content-type": "application/json",
        "vqs-retention-seconds": String(RETENTION_SECONDS),
        "vqs-delay-seconds": String(Math.ceil(checkDelay(delaySeconds))),
      },
    }));
    const sent = await Promise.allSettled(
      all.map(async (message) => {
        const request = { method: "POST", region, path: [topic], ...message } as const;
        await (await askVercelQueues(request, variables)).body?.cancel();
      }),
    );
    for (const one of sent) if (one.status === "rejected") throw one.reason;
  };
  return {
    send: (body, options = {}) => sendBatch([{ ...options, body }]),
    sendBatch: (messages) => sendBatch([...messages]),
  };
}
