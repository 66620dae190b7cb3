import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Collection } from "../../../src/sandbox/context.ts";
import type { BatchOutcome } from "../../../src/sandbox/data-plane/judge-batch.ts";
import type { PlaneQueue } from "../../../src/sandbox/data-plane/plan.ts";
import {
  createQueueBroker,
  type QueueBroker,
} from "../../../src/sandbox/data-plane/queue-broker.ts";
import type { QueueMessage } from "../../../src/sandbox/data-plane/queue-message.ts";

const OK: BatchOutcome = {
  outcome: "ok",
  ackAll: false,
  retryBatch: { retry: false },
  explicitAcks: [],
  retryMessages: [],
};
const ORDERS: PlaneQueue = {
  id: "q1",
  name: "orders",
  deliveryDelay: 0,
  deliveryPaused: false,
  consumer: {
    worker: "w",
    batchSize: 2,
    maxWaitMilliseconds: 1_000,
    maxRetries: 1,
    retryDelay: 0,
    deadLetterQueue: "q2",
  },
};
const DEAD: PlaneQueue = { id: "q2", name: "dead", deliveryDelay: 0, deliveryPaused: false };

let documents: Map<string, QueueMessage>;
let batches: string[][];
let outcome: (batch: readonly QueueMessage[]) => BatchOutcome | Error;
let broker: QueueBroker;

function open(queues: readonly PlaneQueue[]): QueueBroker {
  let count = 0;
  const collection: Collection<QueueMessage> = {
    get: (id) => documents.get(id),
    put: (id, value) => void documents.set(id, value),
    delete: (id) => documents.delete(id),
    list: () => [...documents.values()],
  };
  const store = {
    collection: () => collection as never,
    transaction: <T>(work: () => T) => work(),
  };
  const context = { store, now: () => Date.now(), random: () => `m${count++}-${documents.size}` };
  const opened = createQueueBroker(context, async (_consumer, _queue, batch) => {
    batches.push(batch.map(({ text }) => text));
    const answer = outcome(batch);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  opened.configure(queues);
  return opened;
}

const text = (one: string, delaySeconds?: number) => ({
  type: "text" as const,
  text: one,
  delaySeconds,
});

beforeEach(() => {
  vi.useFakeTimers();
  documents = new Map();
  batches = [];
  outcome = () => OK;
  broker = open([ORDERS, DEAD]);
});
afterEach(async () => {
  vi.useRealTimers();
  await broker.close();
});

describe("a queue", () => {
  it("delivers a full batch at once and a partial one after the wait", async () => {
    broker.send("q1", [text("a"), text("b"), text("c")]);
    await vi.advanceTimersByTimeAsync(50);
    expect(batches).toEqual([["a", "b"]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([["a", "b"], ["c"]]);
    expect(documents.size).toBe(0);
  });

  it("holds a message back for its delay", async () => {
    broker.send("q1", [text("late", 60)]);
    const look = setInterval(() => broker.pump(), 1_000);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_000);
    clearInterval(look);
    expect(batches).toEqual([["late"]]);
  });

  it("delivers again what was not acknowledged, and sends on what failed too often", async () => {
    outcome = (batch) => ({
      ...OK,
      retryMessages: batch
        .filter(({ text: one }) => one === "bad")
        .map(({ id }) => ({ msgId: id })),
    });
    broker.send("q1", [text("good"), text("bad")]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(batches).toEqual([["good", "bad"], ["bad"]]);
    expect(broker.metrics("q2")).toEqual({ backlogCount: 1, backlogBytes: 3 });
  });

  it("takes a handler that threw for a failure of all but the acknowledged ones", async () => {
    outcome = (batch) => ({
      ...OK,
      outcome: "exception",
      explicitAcks: batch.filter(({ text: one }) => one === "done").map(({ id }) => id),
    });
    broker.send("q1", [text("done"), text("open")]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(batches).toEqual([["done", "open"], ["open"]]);
  });

  it("does not count it as a delivery when the Worker could not be asked", async () => {
    let isDown = true;
    outcome = () => (isDown ? new Error("down") : OK);
    broker.send("q1", [text("a"), text("b")]);
    await vi.advanceTimersByTimeAsync(1_500);
    isDown = false;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(batches.at(-1)).toEqual(["a", "b"]);
    expect(documents.size).toBe(0);
    expect(broker.metrics("q2").backlogCount).toBe(0);
  });

  it("keeps messages without a consumer, while paused, and over a restart", async () => {
    broker.configure([{ ...ORDERS, deliveryPaused: true }]);
    broker.send("q1", [text("a")]);
    await vi.advanceTimersByTimeAsync(5_000);
    await broker.close();
    expect(batches).toEqual([]);
    broker = open([ORDERS]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(batches).toEqual([["a"]]);
  });

  it("refuses what is too large or too much, all of it", () => {
    expect(broker.send("q1", [text("a"), text("x".repeat(128_001))])).toContain("exceeds limit");
    expect(
      broker.send(
        "q1",
        Array.from({ length: 101 }, () => text("a")),
      ),
    ).toContain("exceeds limit");
    expect(broker.send("nothing", [text("a")])).toContain("does not exist");
    expect(documents.size).toBe(0);
  });
});
