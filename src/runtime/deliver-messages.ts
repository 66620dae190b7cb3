import { checkDelay } from "./check-delay.ts";
import type {
  AppContext,
  Bindings,
  Message,
  MessageBatch,
  PortableApp,
  RetryOptions,
} from "./portable-app.ts";

/** A message as a queue hands it over. */
export type ReceivedMessage = Pick<Message, "id" | "timestamp" | "body" | "attempts">;

export interface Delivery {
  /** Ids of the messages that the app is done with. */
  readonly acknowledged: readonly string[];
  readonly repeated: readonly { readonly id: string; readonly delaySeconds: number | undefined }[];
  /** What the handler threw. */
  readonly failure: unknown;
}

/** What a message's text says in JSON; of others, who send what they like, the text itself. */
export function decodeBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

type Verdict = "ack" | RetryOptions;

/** Hands messages to the app's `queue` and says what is to become of each, by the rules of {@link Message}. Never rejects. */
export async function deliverMessages(
  app: PortableApp,
  queue: string,
  received: readonly ReceivedMessage[],
  { env, context }: { readonly env: Bindings; readonly context: AppContext },
): Promise<Delivery> {
  const verdicts = new Map<string, Verdict>();
  const judge = (id: string, verdict: Verdict): void => {
    if (!verdicts.has(id)) verdicts.set(id, verdict);
  };
  const judgeAll = (verdict: Verdict): void => {
    for (const { id } of received) judge(id, verdict);
  };
  const batch: MessageBatch = {
    queue,
    messages: received.map((message) => ({
      ...message,
      ack: () => judge(message.id, "ack"),
      retry: (options = {}) => judge(message.id, checkRetry(options)),
    })),
    ackAll: () => judgeAll("ack"),
    retryAll: (options = {}) => judgeAll(checkRetry(options)),
  };
  let failure: unknown;
  try {
    if (app.queue === undefined) throw new Error("the app exports no queue handler");
    await app.queue(batch, env, context);
    judgeAll("ack");
  } catch (error) {
    failure = error;
    judgeAll({});
  }
  return { ...sortVerdicts(verdicts), failure };
}

/** Refused where the app says it, not when the queue is told. */
function checkRetry(options: RetryOptions): RetryOptions {
  if (options.delaySeconds !== undefined) checkDelay(options.delaySeconds);
  return options;
}

function sortVerdicts(
  verdicts: ReadonlyMap<string, Verdict>,
): Pick<Delivery, "acknowledged" | "repeated"> {
  const acknowledged: string[] = [];
  const repeated: { id: string; delaySeconds: number | undefined }[] = [];
  for (const [id, verdict] of verdicts) {
    if (verdict === "ack") acknowledged.push(id);
    else repeated.push({ id, delaySeconds: verdict.delaySeconds });
  }
  return { acknowledged, repeated };
}
