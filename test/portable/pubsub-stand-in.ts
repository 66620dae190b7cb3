import { serveJson } from "./http-server.ts";

const PROJECT = "projects/test-project";
const TOPIC = `${PROJECT}/topics/receipts`;
const TRIES_MAX = 5;

/**
 * One topic of Pub/Sub as its emulator serves it (Pub/Sub docs, "projects.topics.publish"), with a trigger that pushes each message to a function
 * as a CloudEvent, and again when the function doesn't answer with 2xx.
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

/** Pushes a message to a function until it takes it (Eventarc docs, "messagePublished"); answers whether it did. */
export async function pushMessage(
  functionUrl: string,
  { data, messageId }: { readonly data: string; readonly messageId: string },
): Promise<boolean> {
  const time = new Date().toISOString();
  const message = { data, messageId, publishTime: time, attributes: {} };
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const answer = await fetch(functionUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
        "ce-source": `//pubsub.googleapis.com/${TOPIC}`,
        "ce-id": messageId,
        "ce-time": time,
      },
      body: JSON.stringify({ message, subscription: `${PROJECT}/subscriptions/receipts` }),
    });
    await answer.body?.cancel();
    if (answer.ok) return true;
  }
  return false;
}
