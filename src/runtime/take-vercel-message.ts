import { askVercelQueues, type VercelQueuesRequest } from "./ask-vercel-queues.ts";
import { decodeBody, type ReceivedMessage } from "./deliver-messages.ts";
import { LEASE_SECONDS } from "./postgres-queue.ts";
import { readDelivery } from "./read-delivery.ts";
import type { VercelPush } from "./read-vercel-push.ts";
import type { TextVariables } from "./service-url.ts";

/** A message that is this call's until its lease ends. */
export interface HeldMessage {
  readonly message: ReceivedMessage;
  acknowledge(): Promise<void>;
  /** Lets it come again after that time, an hour at most. */
  repeat(delaySeconds: number): Promise<void>;
}

/** A message that is handled, or somebody else's by now. */
const LEASE_GONE = [404, 409];
const MESSAGE_GONE = [404, 409, 410];
/** The longest lease, and so the longest pause before a message comes again. */
const VISIBILITY_SECONDS_MAX = 3600;

interface Taken {
  readonly receipt: string;
  readonly message: ReceivedMessage;
}

/**
 * Takes the message of a push for longer than a function may run. That proves the push, too: only Vercel knows the receipt of a message that is out. Undefined where there is
 * nothing to do any more.
 */
export async function takeVercelMessage(
  push: VercelPush,
  variables: TextVariables,
): Promise<HeldMessage | undefined> {
  const { queue, consumer, region } = push;
  const ask = (
    method: VercelQueuesRequest["method"],
    path: readonly string[],
    more: Pick<VercelQueuesRequest, "headers" | "body" | "expected">,
  ): Promise<Response> =>
    askVercelQueues(
      { method, region, path: [queue, "consumer", consumer, ...path], ...more },
      variables,
    );
  /** Whether it is still this call's. */
  const hold = async (receipt: string, seconds: number): Promise<boolean> => {
    const answer = await ask("PATCH", ["lease", receipt], {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ visibilityTimeoutSeconds: seconds }),
      expected: LEASE_GONE,
    });
    await answer.body?.cancel();
    return answer.ok;
  };
  const fetchMessage = async (): Promise<Taken | undefined> => {
    const headers = {
      accept: "application/x-ndjson",
      "vqs-visibility-timeout-seconds": String(LEASE_SECONDS),
    };
    const answer = await ask("POST", ["id", push.id], { headers, expected: MESSAGE_GONE });
    const text = await answer.text();
    // An empty answer with 2xx is of a message that nobody has to handle any more, too.
    return answer.ok && text.trim() !== "" ? readMessage(push.id, text) : undefined;
  };
  const taken = await (push.leased === undefined
    ? fetchMessage()
    : holdPushed(push.id, push.leased, hold));
  if (taken === undefined) return undefined;
  const { receipt, message } = taken;
  return {
    message,
    async acknowledge() {
      const answer = await ask("DELETE", ["lease", receipt], { expected: LEASE_GONE });
      await answer.body?.cancel();
    },
    async repeat(delaySeconds) {
      await hold(receipt, Math.min(Math.ceil(delaySeconds), VISIBILITY_SECONDS_MAX));
    },
  };
}

async function holdPushed(
  id: string,
  { receipt, body, ...more }: NonNullable<VercelPush["leased"]>,
  hold: (receipt: string, seconds: number) => Promise<boolean>,
): Promise<Taken | undefined> {
  const isHeld = await hold(receipt, LEASE_SECONDS);
  return isHeld ? { receipt, message: { id, body: decodeBody(body), ...more } } : undefined;
}

/**
 * The one line of the answer, with the body in base64.
 * @throws Error for anything else, without a word of the answer.
 */
function readMessage(id: string, line: string): Taken {
  const { receiptHandle, body, deliveryCount, timestamp } = readObject(line);
  if (typeof receiptHandle !== "string" || receiptHandle === "" || typeof body !== "string")
    throw new Error("Vercel Queues answered with what is no message");
  const text = Buffer.from(body, "base64").toString();
  const message = { id, body: decodeBody(text), ...readDelivery(deliveryCount, timestamp) };
  return { receipt: receiptHandle, message };
}

function readObject(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    // What the parser says would hold a piece of the message.
    return {};
  }
}
