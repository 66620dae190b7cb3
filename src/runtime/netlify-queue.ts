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
  /** When it can be taken: the time in its key, or later, while it is out. */
  readonly dueAt: number;
  readonly attempts: number;
  /** Of the last change. */
  readonly mark: string;
}

/** Where messages are that are delivered, `alive/<due>-<id>`, and those that are kept for people. By the time in the key a list begins with what is due. */
const ALIVE = "alive/";
/** The last time that a key can say, in the year 33658. */
const TIME_MAX = 10 ** 15 - 1;
const KEY = /^alive\/(\d{15})-(.+)$/;
const DEAD = "dead/";

interface Found {
  readonly key: string;
  readonly etag: string;
  readonly kept: KeptMessage;
}

/** A queue kept in a store of Netlify Blobs: a blob is a message, taken by whoever replaces it first. */
export function openNetlifyQueue(store: NetlifyStore): PostgresQueue {
  /** Where what was received is. */
  const keys = new WeakMap<ReceivedMessage, string>();
  const find = async (key: string): Promise<Found | undefined> => {
    const found = await store.get(key);
    if (found === null) return undefined;
    return { key, etag: found.etag, kept: (await found.answer.json()) as KeptMessage };
  };
  const change = ({ key, etag, kept }: Found, what: Partial<KeptMessage>): Promise<boolean> =>
    store.replace(key, JSON.stringify({ ...kept, ...what, mark: randomUUID() }), etag);
  /** Only who received a message last may say what becomes of it. */
  const findHeld = async (message: ReceivedMessage): Promise<Found | undefined> => {
    const key = keys.get(message);
    const found = key === undefined ? undefined : await find(key);
    return found?.kept.attempts === message.attempts ? found : undefined;
  };
  const bury = async ({ key, kept }: Found): Promise<void> => {
    await store.put(DEAD + idOf(key), JSON.stringify(kept), {});
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
    const message = { timestamp: new Date(sentAt), body: decodeBody(body), attempts };
    const received = { id: idOf(found.key), ...message };
    keys.set(received, found.key);
    return [received];
  };
  const send = async (entries: readonly ({ readonly body: unknown } & SendOptions)[]) => {
    const sentAt = Date.now();
    const messages = entries.map(({ body, delaySeconds = 0 }, i) => {
      const dueAt = afterSeconds(checkDelay(delaySeconds));
      // What is due at one time is in the order in which it was sent.
      const id = `${digits(sentAt, 15)}-${digits(i, 5)}-${randomUUID()}`;
      const kept: KeptMessage = { body: encodeBody(body), sentAt, dueAt, attempts: 0, mark: "" };
      return { key: keyOf(dueAt, id), text: JSON.stringify(kept) };
    });
    await mapSome(messages, ({ key, text }) => store.put(key, text, {}));
  };
  return {
    send: (body, options = {}) => send([{ ...options, body }]),
    sendBatch: (messages) => send([...messages]),
    async receive(limit) {
      const listed = (await store.listKeys({ prefix: ALIVE })).keys;
      const due = listed.filter((key) => timeOf(key) <= Date.now());
      // What others hold is still at its time, so further ones are read where nothing was to be had.
      for (let start = 0; start < due.length; start += limit) {
        const free = (await mapSome(due.slice(start, start + limit), find)).flatMap((found) =>
          found !== undefined && found.kept.dueAt <= Date.now() ? [found] : [],
        );
        await mapSome(
          free.filter(({ kept }) => kept.attempts >= ATTEMPTS_MAX),
          bury,
        );
        const early = free.filter(({ kept }) => kept.attempts < ATTEMPTS_MAX - 1);
        const late = free.filter(({ kept }) => kept.attempts === ATTEMPTS_MAX - 1).slice(0, 1);
        const taken = (await mapSome(early.length > 0 ? early : late, take)).flat();
        if (taken.length > 0) return taken;
      }
      return [];
    },
    async extend(messages) {
      await mapSome(messages, (one) => settle(one, { dueAt: afterSeconds(LEASE_SECONDS) }));
    },
    async acknowledge(message) {
      const held = await findHeld(message);
      if (held !== undefined) await store.delete(held.key);
    },
    async repeat(message, delaySeconds) {
      const held = await findHeld(message);
      if (held === undefined) return;
      const dueAt = afterSeconds(delaySeconds);
      const key = keyOf(dueAt, message.id);
      if (key === held.key) return void (await change(held, { dueAt }));
      // Nobody takes it while it moves. Who dies between the two leaves it twice, and loses nothing.
      if (!(await change(held, { dueAt: afterSeconds(LEASE_SECONDS) }))) return;
      await store.put(key, JSON.stringify({ ...held.kept, dueAt, mark: randomUUID() }), {});
      await store.delete(held.key);
    },
    async bury(message) {
      const held = await findHeld(message);
      if (held !== undefined) await bury(held);
    },
  };
}

function afterSeconds(seconds: number): number {
  return Date.now() + seconds * 1000;
}

function keyOf(dueAt: number, id: string): string {
  return `${ALIVE}${digits(Math.min(Math.ceil(dueAt), TIME_MAX), 15)}-${id}`;
}

function timeOf(key: string): number {
  return Number(KEY.exec(key)?.[1]);
}

function idOf(key: string): string {
  return KEY.exec(key)?.[2] ?? "";
}

/** In which order of text is order of numbers. */
function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
