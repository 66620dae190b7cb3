import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Answer, serveJson } from "./http-server.ts";

/** What is known of a message that is neither acknowledged nor given up. */
interface Kept {
  readonly topic: string;
  readonly body: string;
  readonly sentAt: Date;
  deliveries: number;
  receipt: string;
  /** Seconds until it is seen again, as last asked for. */
  hiddenFor: number;
}

/** A request that was taken, in the order of time. */
export interface Asked {
  readonly method: string;
  /** `topic/jobs`. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Calls a function. */
export type Push = (request: Request) => Promise<Response>;

const DEPLOYMENT = "dpl_1";
const TOKEN = "token-only-for-tests";
const REGION = "iad1";
/** Longer messages are told of, not pushed. */
const PUSHED_MAX = 4096;
const LEASE_SECONDS = 60;

/**
 * Vercel Queues of one project and deployment, in the region `iad1`, with one function that gets every message (Vercel docs, "Queues API reference"; pushes as `@vercel/queue` 0.6 reads
 * them): each at once, and again `secondMs` for each second after it was asked to come again, or after a minute of such seconds when the function did not answer with 200.
 */
export async function startVercelQueues({ secondMs = 1000 } = {}): Promise<{
  readonly token: string;
  readonly deployment: string;
  /** Stands for `https://iad1.vercel-queue.com`. */
  readonly origin: string;
  /** Every request that was taken. */
  readonly asked: readonly Asked[];
  /** Ids of the messages that are still to be handled. */
  listKept(): readonly string[];
  /** Whom it pushes to. */
  connect(push: Push): void;
  /** How many of the next requests are answered with 503. */
  fail(times: number): void;
  close(): void;
}> {
  const kept = new Map<string, Kept>();
  const asked: Asked[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let push: Push | undefined;
  let failures = 0;

  const wait = (seconds: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, seconds * secondMs);
    timers.add(timer);
  };
  const deliver = async (id: string, message: Kept): Promise<void> => {
    message.deliveries += 1;
    message.receipt = `receipt/${randomUUID()}`;
    message.hiddenFor = LEASE_SECONDS;
    const answer = await push?.(describePush(id, message)).catch(() => undefined);
    await answer?.body?.cancel();
    if (!kept.has(id)) return;
    const seconds = answer?.status === 200 ? message.hiddenFor : LEASE_SECONDS;
    wait(seconds, () => void deliver(id, message));
  };
  const send = (topic: string, body: string, headers: IncomingMessage["headers"]): Answer => {
    const id = `msg_${randomUUID()}`;
    const sentAt = new Date();
    const message = { topic, body, sentAt, deliveries: 0, receipt: "", hiddenFor: 0 };
    kept.set(id, message);
    wait(Number(headers["vqs-delay-seconds"] ?? 0), () => void deliver(id, message));
    return { status: 201, json: { messageId: id } };
  };
  const lease = (method: string, receipt: string, body: string): Answer => {
    const [id, message] = [...kept].find(([, one]) => one.receipt === receipt) ?? [];
    if (id === undefined || message === undefined) return { status: 404 };
    if (method === "DELETE") {
      kept.delete(id);
      return { status: 204 };
    }
    const { visibilityTimeoutSeconds: seconds } = JSON.parse(body) as Record<string, unknown>;
    if (!Number.isInteger(seconds) || Number(seconds) < 0 || Number(seconds) > 3600)
      return { status: 400 };
    message.hiddenFor = Number(seconds);
    return { status: 200, json: { success: true } };
  };

  const { host, close } = await serveJson(async ({ method = "", url = "", headers }, body) => {
    if (failures > 0) {
      failures -= 1;
      return { status: 503, json: { error: "canary" } };
    }
    const isOurs =
      headers.authorization === `Bearer ${TOKEN}` && headers["vqs-deployment-id"] === DEPLOYMENT;
    if (!isOurs) return { status: 401, json: { error: "canary" } };
    const path = url.replace("/api/v3/", "");
    asked.push({ method, path, headers, body });
    const [, topic = "", consumer, group, what, last = ""] = path
      .split("/")
      .map(decodeURIComponent);
    if (consumer === undefined) return send(topic, body, headers);
    if (consumer !== "consumer" || group !== "default") return { status: 404 };
    if (what === "lease") return lease(method, last, body);
    return tell(kept.get(last), last, headers);
  });
  return {
    ...{ token: TOKEN, deployment: DEPLOYMENT, origin: `http://${host}`, asked },
    listKept: () => [...kept.keys()],
    connect(to) {
      push = to;
    },
    fail(times) {
      failures = times;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      close();
    },
  };
}

function describePush(id: string, { topic, body, sentAt, deliveries, receipt }: Kept): Request {
  const isPushed = body.length <= PUSHED_MAX;
  return new Request("https://shop.example/_supercargo/queues/it", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "ce-type": "com.vercel.queue.v2beta",
      "ce-vqsqueuename": topic,
      "ce-vqsconsumergroup": "default",
      "ce-vqsmessageid": id,
      "ce-vqsregion": REGION,
      ...(isPushed && {
        "ce-vqsreceipthandle": receipt,
        "ce-vqsdeliverycount": String(deliveries),
        "ce-vqscreatedat": sentAt.toISOString(),
      }),
      "x-vercel-oidc-token": TOKEN,
    },
    ...(isPushed && { body }),
  });
}

/** The answer to a request for one message. */
function tell(message: Kept | undefined, id: string, headers: IncomingMessage["headers"]): Answer {
  if (headers.accept !== "application/x-ndjson") return { status: 400 };
  if (message === undefined) return { status: 410 };
  message.hiddenFor = Number(headers["vqs-visibility-timeout-seconds"]);
  const line = {
    messageId: id,
    receiptHandle: message.receipt,
    deliveryCount: message.deliveries,
    timestamp: message.sentAt.toISOString(),
    contentType: "application/json",
    body: Buffer.from(message.body).toString("base64"),
  };
  return { status: 200, json: line };
}
