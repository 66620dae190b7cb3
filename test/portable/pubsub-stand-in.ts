import { serveJson } from "./http-server.ts";

const PROJECT = "projects/test-project";
const TOPIC = `${PROJECT}/topics/receipts`;
const TRIES_MAX = 5;

/**
 * One topic of Pub/Sub as its emulator serves it (Pub/Sub docs, "projects.topics.publish"), with a subscription that pushes each message to a function, and again
 * when the function doesn't answer with 2xx.
 */
export async function startPubsub(): Promise<{
  /** `pubsub://...` */
  readonly url: string;
  /** Where it pushes to. */
  connect(functionUrl: string): void;
  close(): void;
}> {
  let functionUrl: string | undefined;
  const server = await serveJson(async ({ method, url }, body) => {
    if (method !== "POST" || url !== `/v1/${TOPIC}:publish`) return { status: 404 };
    const { messages } = JSON.parse(body) as { readonly messages: readonly { data: string }[] };
    const published = messages.map(({ data }) => ({ data, messageId: crypto.randomUUID() }));
    if (functionUrl !== undefined) {
      for (const message of published) void pushMessage(functionUrl, message);
    }
    return { status: 200, json: { messageIds: published.map(({ messageId }) => messageId) } };
  });
  return {
    url: `pubsub://${server.host}/${TOPIC}?tls=false`,
    connect(to) {
      functionUrl = to;
    },
    close: server.close,
  };
}

/** Pushes a message to a function until it takes it (Pub/Sub docs, "Push subscriptions"). */
async function pushMessage(
  functionUrl: string,
  { data, messageId }: { readonly data: string; readonly messageId: string },
): Promise<void> {
  const message = { data, messageId, publishTime: new Date().toISOString(), attributes: {} };
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const answer = await fetch(functionUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        message,
        subscription: `${PROJECT}/subscriptions/receipts`,
        deliveryAttempt: attempt,
      }),
    });
    await answer.body?.cancel();
    if (answer.ok) return;
  }
}
