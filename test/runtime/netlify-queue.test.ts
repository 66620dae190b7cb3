import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { handleNetlify } from "../../src/runtime/handle-netlify.ts";
import { openNetlifyQueue } from "../../src/runtime/netlify-queue.ts";
import { createNetlifyStores } from "../../src/runtime/netlify-store.ts";
import type { PortableApp } from "../../src/runtime/portable-app.ts";
import type { PostgresQueue } from "../../src/runtime/postgres-queue.ts";
import { startNetlifyBlobs } from "../portable/netlify-blobs-stand-in.ts";

let stand: Awaited<ReturnType<typeof startNetlifyBlobs>>;
let queue: PostgresQueue;
let name = "";
let count = 0;
beforeAll(async () => {
  stand = await startNetlifyBlobs();
});
afterAll(() => stand.close());
beforeEach(() => {
  const stores = createNetlifyStores({ SITE_ID: stand.site });
  stores.admit(stand);
  name = `jobs-${++count}`;
  queue = openNetlifyQueue(stores.open(name));
  vi.useFakeTimers({ toFake: ["Date"] });
  return () => vi.useRealTimers();
});
const bodiesOf = (messages: Awaited<ReturnType<PostgresQueue["receive"]>>) =>
  messages.map(({ body, attempts }) => [body, attempts]);
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

describe("a queue in a store of Netlify's", () => {
  test("gives each message to one, in the order of sending, and keeps it until it is settled", async () => {
    await queue.sendBatch([{ body: { n: 1 } }, { body: { n: 2 } }, { body: { n: 3 } }]);
    const [first, second] = await Promise.all([queue.receive(2), queue.receive(2)]);
    const taken = [...first, ...second].map(({ body }) => (body as { n: number }).n);
    expect(new Set(taken).size).toBe(taken.length);
    const rest = await queue.receive(10);
    expect([...taken, ...rest.map(({ body }) => (body as { n: number }).n)].toSorted()).toEqual([
      1, 2, 3,
    ]);
    expect(await queue.receive(10)).toEqual([]);
    for (const message of [...first, ...second, ...rest]) await queue.acknowledge(message);
    pass(1000);
    expect(await queue.receive(10)).toEqual([]);
  });

  test("gives one again whose taker is gone, and lets only the last taker settle it", async () => {
    await queue.send("a");
    const [gone] = await queue.receive(1);
    if (gone === undefined) throw new Error("nothing was received");
    pass(50);
    await queue.extend([gone]);
    pass(50);
    expect(await queue.receive(1)).toEqual([]);
    pass(11);
    const [again] = await queue.receive(1);
    expect(again).toMatchObject({ body: "a", attempts: 2 });
    await queue.acknowledge(gone);
    await queue.repeat(gone, 0);
    pass(61);
    expect(bodiesOf(await queue.receive(1))).toEqual([["a", 3]]);
  });

  test("waits as long as it is told, and buries what was out four times", async () => {
    await queue.send("later", { delaySeconds: 30 });
    expect(await queue.receive(1)).toEqual([]);
    pass(31);
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      const [message] = await queue.receive(1);
      expect(message).toMatchObject({ body: "later", attempts });
      if (message !== undefined && attempts < 4) await queue.repeat(message, 10);
      pass(5);
      expect(await queue.receive(1)).toEqual([]);
      pass(60);
    }
    expect(await queue.receive(1)).toEqual([]);
    await expect(queue.send("x", { delaySeconds: -1 })).rejects.toThrow(TypeError);
    await expect(queue.send(undefined)).rejects.toThrow(TypeError);
  });
});

test("the function of a queue hands the app what is due, and only what failed comes again", async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const heard: unknown[] = [];
  const app: PortableApp = {
    async fetch(_request, env) {
      const jobs = env.JOBS as PostgresQueue;
      await jobs.sendBatch([{ body: "fine" }, { body: "again" }]);
      return new Response("ok");
    },
    queue({ queue: from, messages }) {
      for (const message of messages) {
        heard.push([from, message.body, message.attempts]);
        if (message.body === "again" && message.attempts === 1) message.retry({ delaySeconds: 5 });
      }
    },
  };
  const variables = {
    ...{ SITE_ID: stand.site, SUPERCARGO_BINDINGS: "JOBS", JOBS: `netlify-queue:${name}` },
  };
  const { handler, handleQueue } = handleNetlify(app, variables);
  const event = { rawUrl: "https://x.example/", httpMethod: "GET", headers: {}, ...stand };
  expect((await handler(event)).statusCode).toBe(200);
  const run = handleQueue(name);
  expect((await run(event)).statusCode).toBe(204);
  expect(heard).toEqual([
    [name, "fine", 1],
    [name, "again", 1],
  ]);
  pass(6);
  expect((await run(event)).statusCode).toBe(204);
  expect(heard.slice(2)).toEqual([[name, "again", 2]]);
  expect((await run({ ...event, blobs: undefined })).statusCode).toBe(500);
});
