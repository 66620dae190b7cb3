/** Name of the Worker that stands behind every queue binding. */
export const QUEUE_PRODUCER = "queue-producer";

/**
 * `env.QUEUE` of a deployed Worker: the interface of a Queue (Queues docs, "JavaScript APIs"), which sends to the sandbox's own broker, so that a message is
 * on disk when `send` resolves. Content type `v8` travels as JSON.
 */
export const QUEUE_PRODUCER_WORKER = `
function toBase64(bytes) {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  let text = "";
  for (const byte of view) text += String.fromCharCode(byte);
  return btoa(text);
}

function encode(body, options = {}) {
  const type = options.contentType ?? "json";
  const delaySeconds = options.delaySeconds;
  if (type === "text") {
    if (typeof body !== "string") throw new TypeError("a message of content type text must be a string");
    return { type, text: body, delaySeconds };
  }
  if (type === "bytes") return { type, text: toBase64(body), delaySeconds };
  if (type !== "json" && type !== "v8") throw new TypeError("unsupported queue message content type: " + type);
  const text = JSON.stringify(body);
  if (text === undefined) throw new TypeError("the message body cannot be written as JSON");
  return { type: "json", text, delaySeconds };
}

class Queue {
  #broker;
  #id;
  constructor(broker, id) {
    this.#broker = broker;
    this.#id = id;
  }
  async #call(payload) {
    const response = await this.#broker.fetch("http://broker/", {
      method: "POST",
      body: JSON.stringify({ queue: this.#id, ...payload }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error("Queue " + payload.act + " failed: " + answer.error);
    return answer;
  }
  async send(body, options) {
    return this.#call({ act: "send", messages: [encode(body, options)] });
  }
  async sendBatch(messages, options) {
    const encoded = [...messages].map((message) => encode(message.body, message));
    return this.#call({ act: "sendBatch", messages: encoded, delaySeconds: options?.delaySeconds });
  }
  async metrics() {
    const answer = await this.#call({ act: "metrics", messages: [] });
    return answer.metadata.metrics;
  }
}

export default function (env) {
  return new Queue(env.BROKER, env.QUEUE_ID);
}
`;
