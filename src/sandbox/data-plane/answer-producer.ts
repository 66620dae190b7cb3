import type { OutgoingMessage, QueueBroker } from "./queue-broker.ts";

interface ProducerCall {
  readonly queue: string;
  readonly act: "send" | "sendBatch" | "metrics";
  readonly messages: readonly OutgoingMessage[];
  readonly delaySeconds?: number | undefined;
}

/** Answers a queue binding's call; only our own producer Worker can make one. */
export async function answerProducer(broker: QueueBroker, request: Request): Promise<Response> {
  const call = (await request.json()) as ProducerCall;
  const messages = call.messages.map((message) => ({
    ...message,
    delaySeconds: message.delaySeconds ?? call.delaySeconds,
  }));
  const refusal = call.act === "metrics" ? undefined : broker.send(call.queue, messages);
  if (refusal !== undefined) return Response.json({ error: refusal }, { status: 400 });
  return Response.json({ metadata: { metrics: broker.metrics(call.queue) } });
}
