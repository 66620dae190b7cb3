/** A message that waits in a queue. Collection `queue-messages`, by id. */
export interface QueueMessage {
  readonly id: string;
  readonly queue: string;
  readonly type: "json" | "text" | "bytes";
  /** JSON, the text itself, or base64. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Not before this moment, milliseconds since the epoch. */
  readonly dueAt: number;
  /** Deliveries that failed. */
  readonly failures: number;
}

/** The body as the consumer's `message.body`. */
export function decodeBody(message: QueueMessage): unknown {
  if (message.type === "json") return JSON.parse(message.text);
  if (message.type === "text") return message.text;
  const bytes = Buffer.from(message.text, "base64");
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** Size of the body in bytes. */
export function measureBody(message: Pick<QueueMessage, "type" | "text">): number {
  return message.type === "bytes"
    ? Buffer.from(message.text, "base64").length
    : Buffer.byteLength(message.text);
}
