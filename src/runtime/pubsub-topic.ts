import { checkDelay } from "./check-delay.ts";
import { encodeBody, type QueueProducer, type SendOptions } from "./postgres-queue.ts";

/** Where a service account's token is had inside Google's cloud (Compute Engine docs, "Authenticate workloads"). */
const TOKEN_URL =
  "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";

/** A token is renewed this long before it ends. */
const MARGIN_MS = 60_000;

interface Token {
  readonly value: string;
  readonly until: number;
}

/**
 * Publishes to a topic of Google Pub/Sub, `pubsub://pubsub.googleapis.com/projects/P/topics/T`; whom it delivers to is set up there. With
 * `?tls=false` it is the emulator, which wants no token. Pub/Sub delays no single message, so `delaySeconds` is refused.
 */
export function openPubsubTopic(url: URL): QueueProducer {
  const isEmulator = url.searchParams.get("tls") === "false";
  const endpoint = `${isEmulator ? "http" : "https"}://${url.host}/v1${url.pathname}:publish`;
  let token: Token | undefined;
  const authorize = async (): Promise<Record<string, string>> => {
    if (isEmulator) return {};
    if (token === undefined || token.until < Date.now()) token = await fetchToken();
    return { authorization: `Bearer ${token.value}` };
  };
  const sendBatch = async (messages: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    if (messages.some(({ delaySeconds = 0 }) => checkDelay(delaySeconds) > 0)) {
      throw new TypeError("Pub/Sub cannot delay a message");
    }
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", ...(await authorize()) },
      body: JSON.stringify({
        messages: messages.map(({ body }) => ({
          data: Buffer.from(encodeBody(body)).toString("base64"),
        })),
      }),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`Pub/Sub answered ${answer.status}`);
  };
  return {
    send: (body, options = {}) => sendBatch([{ ...options, body }]),
    sendBatch: (messages) => sendBatch([...messages]),
  };
}

async function fetchToken(): Promise<Token> {
  const answer = await fetch(TOKEN_URL, { headers: { "metadata-flavor": "Google" } });
  if (!answer.ok) throw new Error(`the metadata server answered ${answer.status}`);
  const { access_token, expires_in } = (await answer.json()) as {
    readonly access_token: string;
    readonly expires_in: number;
  };
  return { value: access_token, until: Date.now() + expires_in * 1000 - MARGIN_MS };
}
