import type { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { consumePostgresQueue } from "../../src/runtime/consume-postgres-queue.ts";
import { deliverMessages } from "../../src/runtime/deliver-messages.ts";
import { openPool } from "../../src/runtime/open-pool.ts";
import type { AppContext, MessageBatch, PortableApp } from "../../src/runtime/portable-app.ts";
import { openPostgresQueue, type PostgresQueue } from "../../src/runtime/postgres-queue.ts";
import { openPubsubTopic } from "../../src/runtime/pubsub-topic.ts";
import { readServiceUrl } from "../../src/runtime/service-url.ts";
import { openSqsQueue } from "../../src/runtime/sqs-queue.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";

let server: PostgresServer;
let pool: Pool;
let queue: PostgresQueue;
let queues = 0;

beforeAll(async () => {
  server = await startPostgres({ fsync: false });
  pool = openPool(server.url, () => undefined);
});
afterAll(async () => {
  await pool?.end();
  await server?.remove();
});
beforeEach(() => {
  queues += 1;
  queue = openPostgresQueue(pool, `queue-${queues}`);
});

const context: AppContext = { waitUntil: () => undefined, passThroughOnException: () => undefined };
/** As if the time to come were over. */
const letTimePass = () => pool.query("UPDATE supercargo_queue SET due_at = now()");
const countRows = async (condition: string) => {
  const { rows } = await pool.query<{ count: string }>(
    `SELECT count(*) FROM supercargo_queue WHERE queue = $1 AND ${condition}`,
    [`queue-${queues}`],
  );
  return Number(rows[0]?.count);
};

describe("a queue in PostgreSQL", () => {
  test("hands messages over in the order in which they came", async () => {
    await queue.send({ order: "a" });
    await queue.sendBatch([{ body: "b" }, { body: ["c", null, 1.5, 'it\'s "\u0000"'] }]);
    const received = await queue.receive(10);
    expect(received.map(({ body, attempts }) => [body, attempts])).toEqual([
      [{ order: "a" }, 1],
      ["b", 1],
      [["c", null, 1.5, 'it\'s "\u0000"'], 1],
    ]);
    expect(await queue.receive(10)).toEqual([]);
  });

  test("gives each message to one of many who ask at once", async () => {
    await queue.sendBatch(Array.from({ length: 200 }, (_, body) => ({ body })));
    const batches = await Promise.all(Array.from({ length: 25 }, () => queue.receive(8)));
    const bodies = batches.flat().map(({ body }) => body as number);
    expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, body) => body));
  });

  test("keeps back what is to come later", async () => {
    await queue.send("later", { delaySeconds: 3600 });
    expect(await queue.receive(10)).toEqual([]);
    await letTimePass();
    expect(await queue.receive(10)).toHaveLength(1);
  });

  test("delivers again what nobody answered for, and then takes no word of the first who had it", async () => {
    await queue.send("once");
    const first = await queue.receive(10);
    await letTimePass();
    const second = await queue.receive(10);
    expect(second.map(({ attempts }) => attempts)).toEqual([2]);
    for (const message of first) await queue.acknowledge(message);
    expect(await countRows("true")).toBe(1);
    for (const message of second) await queue.acknowledge(message);
    expect(await countRows("true")).toBe(0);
  });

  test("buries what was out four times although nobody said a word, and nothing else that was with it", async () => {
    await queue.sendBatch([{ body: "poison" }, { body: "innocent" }, { body: "bystander" }]);
    const seen: unknown[] = [];
    // Whoever handles the poison dies with all that it was given.
    for (let life = 0; life < 8; life += 1) {
      const received = await queue.receive(10);
      seen.push(received.map(({ body, attempts }) => `${body} ${attempts}`));
      if (!received.some(({ body }) => body === "poison")) {
        for (const message of received) await queue.acknowledge(message);
      }
      await letTimePass();
    }
    const all = (attempts: number) =>
      ["poison", "innocent", "bystander"].map((body) => `${body} ${attempts}`);
    const alone = [["poison 4"], ["innocent 4"], ["bystander 4"]];
    expect(seen).toEqual([all(1), all(2), all(3), ...alone, [], []]);
    expect([await countRows("is_dead"), await countRows("true")]).toEqual([1, 1]);
  });

  test("hands over as text what others wrote that is no JSON", async () => {
    await queue.sendBatch([{ body: 1 }, { body: 2 }]);
    await pool.query("UPDATE supercargo_queue SET body = '{oops' WHERE queue = $1 AND body = '1'", [
      `queue-${queues}`,
    ]);
    expect((await queue.receive(10)).map(({ body }) => body)).toEqual(["{oops", 2]);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    "refuses a delay of %s, and sends nothing of the batch",
    async (delaySeconds) => {
      const wrong = `delaySeconds must be a number of at least 0, not ${delaySeconds}`;
      await expect(queue.send("x", { delaySeconds })).rejects.toThrow(wrong);
      const batch = [{ body: "a" }, { body: "b", delaySeconds }];
      await expect(queue.sendBatch(batch)).rejects.toThrow(wrong);
      await queue.send("sound");
      expect((await queue.receive(10)).map(({ body }) => body)).toEqual(["sound"]);
    },
  );

  test("does not mix queues", async () => {
    await openPostgresQueue(pool, "another").send("theirs");
    expect(await queue.receive(10)).toEqual([]);
  });

  test("refuses what JSON cannot say", async () => {
    await expect(async () => queue.send(undefined)).rejects.toThrow("what JSON can say");
    await expect(async () => queue.send(() => 1)).rejects.toThrow("what JSON can say");
  });
});

test.each([
  ["Amazon SQS", openSqsQueue(readServiceUrl(new URL("sqs://k:s@127.0.0.1:9/1/jobs"), {}))],
  ["Google Pub/Sub", openPubsubTopic(new URL("pubsub://127.0.0.1:9/projects/p/topics/t"))],
])(
  "a queue at %s refuses a delay that is no time to wait before it asks anybody",
  async (_, remote) => {
    const entries = [
      ...Array.from({ length: 12 }, (_, body) => ({ body })),
      { body: "x", delaySeconds: Number.NaN },
    ];
    await expect(remote.sendBatch(entries)).rejects.toThrow("delaySeconds must be a number");
    await expect(remote.send("x", { delaySeconds: -1 })).rejects.toThrow("not -1");
  },
);

/** Consumes until `until` holds. */
async function consume(handle: (batch: MessageBatch) => unknown, until: () => Promise<boolean>) {
  const stopping = new AbortController();
  const reported: unknown[] = [];
  const done = consumePostgresQueue({
    app: { queue: handle },
    name: "test",
    env: {},
    ...{ queue, context, signal: stopping.signal },
    report: (failure) => void reported.push(failure),
  });
  await expect.poll(until, { timeout: 60_000, interval: 50 }).toBe(true);
  stopping.abort();
  await done;
  return reported;
}

describe("a consumer", () => {
  test("is done with what its handler returned from", async () => {
    await queue.sendBatch([{ body: 1 }, { body: 2 }]);
    const seen: unknown[] = [];
    const reported = await consume(
      ({ messages }) => void seen.push(...messages.map(({ body }) => body)),
      async () => (await countRows("true")) === 0,
    );
    expect(seen).toEqual([1, 2]);
    expect(reported).toEqual([]);
  });

  test("delivers again what failed, but not what was acknowledged before", async () => {
    await queue.sendBatch([{ body: "good" }, { body: "bad" }]);
    const seen: unknown[] = [];
    const reported = await consume(
      ({ messages }) => {
        for (const message of messages) {
          seen.push([message.body, message.attempts]);
          if (message.body === "good") message.ack();
          else if (message.attempts === 1) throw new Error("not yet");
        }
      },
      async () => (await countRows("true")) === 0,
    );
    expect(seen).toEqual([
      ["good", 1],
      ["bad", 1],
      ["bad", 2],
    ]);
    expect(reported).toEqual([new Error("not yet")]);
  });

  test("gives up after four deliveries and keeps the message for people", async () => {
    await queue.send("poison");
    let deliveries = 0;
    await consume(
      ({ messages }) => {
        deliveries += 1;
        for (const message of messages) message.retry({ delaySeconds: 0 });
      },
      async () => (await countRows("is_dead")) === 1,
    );
    expect(deliveries).toBe(4);
    await letTimePass();
    expect(await queue.receive(10)).toEqual([]);
  });

  test("settles each message alone, so that one that fails repeats no other", async () => {
    await queue.sendBatch([{ body: "first" }, { body: "stuck" }, { body: "last" }]);
    const sound = queue;
    let failures = 0;
    const acknowledge: PostgresQueue["acknowledge"] = async (message) => {
      if (message.body === "stuck" && message.attempts === 1) {
        failures += 1;
        throw new Error("connection lost");
      }
      await sound.acknowledge(message);
    };
    queue = { ...sound, acknowledge };
    const seen: unknown[] = [];
    const reported = await consume(
      ({ messages }) => void seen.push(...messages.map(({ body }) => body)),
      async () => {
        if (failures === 1) await letTimePass();
        return (await countRows("true")) === 0;
      },
    );
    expect(seen).toEqual(["first", "stuck", "last", "stuck"]);
    expect(reported).toEqual([new Error("connection lost")]);
  });

  test("goes on after the database was away", async () => {
    await queue.send("before");
    const sound = queue;
    let refusals = 0;
    const receive: PostgresQueue["receive"] = async (limit) => {
      refusals += 1;
      if (refusals === 1) throw new Error("connection refused");
      return sound.receive(limit);
    };
    queue = { ...sound, receive };
    const reported = await consume(
      () => undefined,
      async () => (await countRows("true")) === 0,
    );
    expect(reported).toEqual([new Error("connection refused")]);
  });
});

describe("what becomes of a batch", () => {
  const received = ["a", "b", "c"].map((id) => ({
    id,
    timestamp: new Date(0),
    body: id,
    attempts: 1,
  }));
  const deliver = (queueHandler?: PortableApp["queue"]) =>
    deliverMessages(queueHandler === undefined ? {} : { queue: queueHandler }, "test", received, {
      env: {},
      context,
    });

  test("the first word about a message counts", async () => {
    const delivery = await deliver(({ messages: [a, b], retryAll, ackAll }) => {
      a?.ack();
      a?.retry();
      b?.retry({ delaySeconds: 7 });
      ackAll();
      retryAll();
    });
    expect(delivery).toEqual({
      acknowledged: ["a", "c"],
      repeated: [{ id: "b", delaySeconds: 7 }],
      failure: undefined,
    });
  });

  test("a delay that is no time to wait fails the handler, and nothing is repeated by it", async () => {
    const refused = new TypeError(
      "a message's delaySeconds must be a number of at least 0, not NaN",
    );
    const retryOne = await deliver(({ messages: [a, b] }) => {
      a?.ack();
      b?.retry({ delaySeconds: Number.NaN });
    });
    const retryAll = await deliver(({ messages: [a], retryAll: repeat }) => {
      a?.ack();
      repeat({ delaySeconds: Number.NaN });
    });
    for (const { acknowledged, repeated, failure } of [retryOne, retryAll]) {
      expect(acknowledged).toEqual(["a"]);
      expect(repeated).toEqual(["b", "c"].map((id) => ({ id, delaySeconds: undefined })));
      expect(failure).toEqual(refused);
    }
  });

  test("an app without a handler loses nothing", async () => {
    const { acknowledged, repeated } = await deliver();
    expect([acknowledged.length, repeated.length]).toEqual([0, 3]);
  });
});
