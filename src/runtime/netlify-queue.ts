import { randomUUID } from "node:crypto";
import { checkDelay } from "./check-delay.ts";
import { decodeBody, type ReceivedMessage } from "./deliver-messages.ts";
import { mapSome } from "./map-some.ts";
import type { NetlifyStore } from "./netlify-store.ts";
import {
  ATTEMPTS_MAX,
  encodeBody,
  LEASE_SECONDS,
  type PostgresQueue,
  type SendOptions,
} from "./postgres-queue.ts";

/** A message as it is kept. All of it is content, so that each change is another etag. */
interface KeptMessage {
  /** JSON. */
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly dueAt: number;
  readonly attempts: number;
  /** Of the last change. */
  readonly mark: string;
}

/** Where messages are that are delivered, and those that are kept for people. */
const ALIVE = "alive/";
const DEAD = "dead/";

interface Found {
  readonly key: string;
  readonly etag: string;
  readonly kept: KeptMessage;
}

/** A queue kept in a store of Netlify Blobs: a blob is a message, taken by whoever replaces it first. The oldest 1000 are looked at. */
export function openNetlifyQueue(store: NetlifyStore): PostgresQueue {
  const find = async (key: string): Promise<Found | undefined> => {
    const found = await store.get(key);
    if (found === null) return undefined;
    return { key, etag: found.etag, kept: (await found.answer.json()) as KeptMessage };
  };
  const change = ({ key, etag, kept }: Found, what: Partial<KeptMessage>): Promise<boolean> =>
    store.replace(key, JSON.stringify({ ...kept, ...what, mark: randomUUID() }), etag);
  /** Only who received a message last may say what becomes of it. */
  const findHeld = async ({ id, attempts }: ReceivedMessage): Promise<Found | undefined> => {
    const found = await find(id);
    return found?.kept.attempts === attempts ? found : undefined;
  };
  const bury = async ({ key, kept }: Found): Promise<void> => {
    await store.put(DEAD + key.slice(ALIVE.length), JSON.stringify(kept), {});
    await store.delete(key);
  };
  const settle = async (message: ReceivedMessage, what: Partial<KeptMessage>): Promise<void> => {
    const held = await findHeld(message);
    if (held !== undefined) await change(held, what);
  };
  const take = async (found: Found): Promise<readonly ReceivedMessage[]> => {
    const attempts = found.kept.attempts + 1;
    if (!(await change(found, { attempts, dueAt: afterSeconds(LEASE_SECONDS) }))) return [];
    const { body, sentAt } = found.kept;
    return [{ id: found.key, timestamp: new Date(sentAt), body: decodeBody(body), attempts }];
  };
  const send = async (entries: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    const sentAt = Date.now();
    const messages = entries.map(({ body, delaySeconds = 0 }, i) => ({
      // In the order in which they were sent.
      key: `${ALIVE}${String(sentAt).padStart(15, "0")}-${String(i).padStart(5, "0")}-${randomUUID()}`,
      text: JSON.stringify({
        ...{ body: encodeBody(body), sentAt, dueAt: afterSeconds(checkDelay(delaySeconds)) },
        ...{ attempts: 0, mark: "" },
      } satisfies KeptMessage),
    }));
    await mapSome(messages, ({ key, text }) => store.put(key, text, {}));
  };
  return {
    send: (body, options = {}) => send([{ ...options, body }]),
    sendBatch: (messages) => send([...messages]),
    async receive(limit) {
      const { keys } = await store.listKeys({ prefix: ALIVE });
      const due = (await mapSome(keys, find)).flatMap((found) =>
        found !== undefined && found.kept.dueAt <= Date.now() ? [found] : [],
      );
      await mapSome(
        due.filter(({ kept }) => kept.attempts >= ATTEMPTS_MAX),
        bury,
      );
      const early = due.filter(({ kept }) => kept.attempts < ATTEMPTS_MAX - 1).slice(0, limit);
      const late = due.filter(({ kept }) => kept.attempts === ATTEMPTS_MAX - 1).slice(0, 1);
      return (await mapSome(early.length > 0 ? early : late, take)).flat();
    },
    async extend(messages) {
      await mapSome(messages, (one) => settle(one, { dueAt: afterSeconds(LEASE_SECONDS) }));
    },
    async acknowledge(message) {
      if ((await findHeld(message)) !== undefined) await store.delete(message.id);
    },
    repeat: (message, delaySeconds) => settle(message, { dueAt: afterSeconds(delaySeconds) }),
    async bury(message) {
      const held = await findHeld(message);
      if (held !== undefined) await bury(held);
    },
  };
}

function afterSeconds(seconds: number): number {
  return Date.now() + seconds * 1000;
}
