import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { handleVercel } from "../../src/runtime/handle-vercel.ts";
import { handleVercelQueue } from "../../src/runtime/handle-vercel-queue.ts";
import type { MessageBatch, PortableApp, RetryOptions } from "../../src/runtime/portable-app.ts";
import type { QueueProducer, SendOptions } from "../../src/runtime/postgres-queue.ts";
import { startVercelQueues } from "../portable/vercel-queues-stand-in.ts";

let queues: Awaited<ReturnType<typeof startVercelQueues>>;
let reports: string[];
beforeEach(async () => {
  queues = await startVercelQueues({ secondMs: 0.2 });
  reports = [];
  const ask = globalThis.fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    ask(url.replace("https://iad1.vercel-queue.com", queues.origin), init),
  );
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    reports.push(String(text));
    return true;
  });
});
afterEach(() => {
  queues.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const SOON = { timeout: 15_000 };
const variables = () => ({
  JOBS: "vercel-queue:iad1/jobs",
  SUPERCARGO_BINDINGS: "JOBS",
  VERCEL_DEPLOYMENT_ID: queues.deployment,
});

type Entry = { readonly body: unknown } & SendOptions;

/** Sends from a call of the app's, and answers with what came of it. */
async function send(
  messages: readonly Entry[],
  { token = queues.token, more = {} }: { readonly token?: string; readonly more?: object } = {},
): Promise<unknown> {
  const app: PortableApp = {
    async fetch(_request, env) {
      const outcome = await (env.JOBS as QueueProducer).sendBatch(messages).then(
        () => "sent",
        (error: Error) => `${error.name}: ${error.message}`,
      );
      return Response.json(outcome);
    },
  };
  const headers = new Headers(token === "" ? {} : { "x-vercel-oidc-token": token });
  const { fetch: ask } = handleVercel(app, "/due", { ...variables(), ...more });
  return (await ask(new Request("https://x.example/", { headers }))).json();
}

/** Lets an app receive what is pushed; answers with the statuses that were given back. */
function receive(queue: NonNullable<PortableApp["queue"]>): number[] {
  const statuses: number[] = [];
  const { fetch: ask } = handleVercelQueue({ queue }, variables());
  queues.connect(async (request) => {
    const answer = await ask(request);
    statuses.push(answer.status);
    return answer;
  });
  return statuses;
}

/** What became of messages, without the first renewal of each delivery. */
const verdicts = (): readonly unknown[] =>
  queues.asked.flatMap(({ method, body }) =>
    method === "POST" ? [] : [method === "DELETE" ? "done" : Object.values(JSON.parse(body))[0]],
  );

describe("a queue at Vercel", () => {
  test("takes messages in the name of the call's project and of the deployment", async () => {
    const messages = [{ body: { a: 1 } }, { body: "ü", delaySeconds: 1.5 }];
    expect(await send(messages)).toBe("sent");
    const sent = queues.asked.map(({ method, path, headers, body }) => ({
      ...{ method, path, body: JSON.parse(body) as unknown },
      delay: headers["vqs-delay-seconds"],
      kept: headers["vqs-retention-seconds"],
    }));
    const all = { method: "POST", path: "topic/jobs", kept: "604800" };
    expect(sent).toHaveLength(2);
    expect(sent).toEqual(
      expect.arrayContaining([
        { ...all, body: { a: 1 }, delay: "0" },
        { ...all, body: "ü", delay: "2" },
      ]),
    );
  });

  test("gives each call's messages the token of that call", async () => {
    const tokens: unknown[] = [];
    vi.stubGlobal(
      "fetch",
      async (_url: string, { headers }: { headers: Record<string, string> }) => {
        tokens.push(headers.authorization);
        return new Response(null, { status: 201 });
      },
    );
    const release = Promise.withResolvers<void>();
    const app: PortableApp = {
      fetch({ url }, env, context) {
        const { pathname } = new URL(url);
        const late = async () => {
          await release.promise;
          await (env.JOBS as QueueProducer).send(pathname);
        };
        context.waitUntil(late());
        return new Response("ok");
      },
    };
    const { fetch: ask } = handleVercel(app, "/due", variables());
    const open: Promise<unknown>[] = [];
    for (const token of ["first", "second"]) {
      const request = new Request("https://x.example/", {
        headers: { "x-vercel-oidc-token": token },
      });
      await ask(request, { waitUntil: (work) => void open.push(work) });
    }
    release.resolve();
    await Promise.all(open);
    expect(tokens.toSorted()).toEqual(["Bearer first", "Bearer second"]);
  });

  test.each([
    [
      "a delay that is none",
      [{ body: 1 }, { body: 2, delaySeconds: -1 }],
      "TypeError: a message's",
    ],
    ["a body without text", [{ body: 1 }, { body: undefined }], "TypeError: a message must be"],
  ])("refuses %s before anything is sent", async (_, messages, words) => {
    expect(await send(messages)).toContain(words);
    expect(queues.asked).toEqual([]);
  });

  test("sends nothing without a token or a deployment, and says which lacks", async () => {
    const [one] = [[{ body: 1 }]];
    expect(await send(one, { token: "" })).toMatch(/^Error: .*no token/);
    expect(await send(one, { more: { VERCEL_DEPLOYMENT_ID: undefined } })).toMatch(/no id/);
    expect(queues.asked).toEqual([]);
  });

  test("asks again while the service is busy, and tells a refusal without its words", async () => {
    queues.fail(2);
    expect(await send([{ body: 1 }])).toBe("sent");
    const refused = await send([{ body: 1 }], { token: "somebody-else's" });
    expect(refused).toBe("Error: Vercel Queues answered POST with 401");
  });

  test.each(["vercel-queue:jobs", "vercel-queue:iad1/", "vercel-queue:iad1/a/b", "vercel-queue:"])(
    "is none where the variable is %s",
    async (JOBS) => {
      const app: PortableApp = { fetch: (_request, { JOBS: queue }) => Response.json(queue) };
      const { fetch: ask } = handleVercel(app, "/due", { ...variables(), JOBS });
      expect((await ask(new Request("https://x.example/"))).status).toBe(500);
      expect(reports.join()).toContain("JOBS cannot be opened: it names no region or no topic");
    },
  );

  test("gives its token to no host but Vercel's", async () => {
    const more = { JOBS: "vercel-queue:evil/jobs" };
    expect(await send([{ body: 1 }], { more })).toBe("Error: it is no region of Vercel's");
  });
});

describe("an app at Vercel that consumes a queue", () => {
  test("gets a message once, when it takes it", async () => {
    const got: unknown[] = [];
    const statuses = receive(({ queue, messages }: MessageBatch) => {
      for (const { body, attempts, id, timestamp } of messages)
        got.push([queue, body, attempts, id.startsWith("msg_"), Date.now() - +timestamp < 1e4]);
    });
    await send([{ body: { order: 7 } }]);
    await expect.poll(() => statuses, SOON).toEqual([200]);
    expect(got).toEqual([["jobs", { order: 7 }, 1, true, true]]);
    expect(verdicts()).toEqual([60, "done"]);
    expect(queues.listKept()).toEqual([]);
  });

  test("gets again what it failed at, later each time, until it is given up", async () => {
    const attempts: unknown[] = [];
    const statuses = receive(({ messages }: MessageBatch) => {
      attempts.push(messages[0]?.attempts);
      throw new Error("canary");
    });
    await send([{ body: 1 }]);
    await expect.poll(() => statuses, SOON).toEqual([200, 200, 200, 200]);
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(verdicts()).toEqual([60, 2, 60, 4, 60, 8, 60, "done"]);
    expect(reports.filter((text) => text.startsWith("Error: canary"))).toHaveLength(4);
    expect(reports.at(-1)).toMatch(
      /^message msg_\S+ of the queue jobs is given up after 4 times\n$/,
    );
  });

  test.each([
    [{ delaySeconds: 90 }, 90],
    [{ delaySeconds: 0.2 }, 1],
    [{ delaySeconds: 0 }, 0],
    [{ delaySeconds: 7200 }, 3600],
    [{}, 2],
  ] satisfies [RetryOptions, number][])(
    "gets a message again %j, after %d s",
    async (options, seconds) => {
      let calls = 0;
      receive(({ messages }: MessageBatch) => {
        calls += 1;
        if (calls === 1) messages[0]?.retry(options);
      });
      await send([{ body: 1 }]);
      await expect.poll(verdicts, SOON).toEqual([60, seconds, 60, "done"]);
    },
  );

  test("never sees a message whose deliveries all ended with the process", async () => {
    const seen: unknown[] = [];
    const statuses = receive(({ messages }) => void seen.push(messages[0]?.attempts));
    const { fetch: ask } = handleVercelQueue(
      { queue: ({ messages }) => void seen.push(messages[0]?.attempts) },
      variables(),
    );
    let deliveries = 0;
    queues.connect(async (request) => {
      deliveries += 1;
      // As if the process had died.
      return deliveries < 5 ? new Response(null, { status: 500 }) : ask(request);
    });
    await send([{ body: 1 }]);
    await expect.poll(() => queues.listKept(), SOON).toEqual([]);
    expect([seen, deliveries, statuses]).toEqual([[], 5, []]);
    expect(reports.at(-1)).toContain("is given up after 4 times");
  });

  test("fetches a message that is too large to be pushed", async () => {
    const got: unknown[] = [];
    receive(
      ({ messages }) => void got.push(messages.map(({ body, attempts }) => [body, attempts])),
    );
    const body = "ü".repeat(5000);
    await send([{ body }]);
    await expect.poll(() => queues.listKept(), SOON).toEqual([]);
    expect(got).toEqual([[[body, 1]]]);
  });

  test("answers after its work in the background", async () => {
    const statuses = receive((_batch, _env, context) => {
      const late = async () => {
        await vi.waitFor(() => expect(verdicts()).toContain("done"), SOON);
        statuses.push(0);
      };
      context.waitUntil(late());
    });
    await send([{ body: 1 }]);
    await expect.poll(() => statuses, SOON).toEqual([0, 200]);
  });
});

describe("a message that is told of by its id", () => {
  const LINE = { receiptHandle: "r/1", deliveryCount: 2, timestamp: "2026-11-01T00:00:00Z" };
  const BODY = Buffer.from('{"a":1}').toString("base64");
  const got: unknown[] = [];
  const asked: string[] = [];
  /** The status that a push of it is answered with where Vercel tells this of it. */
  async function fetchIt(status: number, told: string | null, fails = false): Promise<number> {
    vi.stubGlobal("fetch", async (url: string, { method = "" }: RequestInit) => {
      asked.push(`${method} ${url.split("/consumer/")[1]}`);
      return method === "POST" ? new Response(told, { status }) : new Response(null);
    });
    const queue: NonNullable<PortableApp["queue"]> = ({ messages: [message] }) => {
      got.push([message?.body, message?.attempts, Number.isFinite(Number(message?.timestamp))]);
      if (fails) throw new Error("it");
    };
    const { fetch: ask } = handleVercelQueue({ queue }, variables());
    const headers = {
      "ce-type": "com.vercel.queue.v2beta",
      "ce-vqsqueuename": "jobs",
      "ce-vqsconsumergroup": "default",
      "ce-vqsmessageid": "msg_1",
      "ce-vqsregion": "iad1",
      "x-vercel-oidc-token": queues.token,
    };
    return (await ask(new Request("https://x.example/", { method: "POST", headers }))).status;
  }
  beforeEach(() => {
    got.length = 0;
    asked.length = 0;
  });

  test.each([
    [204, null],
    [200, ""],
    [404, "canary"],
    [409, "canary"],
    [410, "canary"],
  ])("is over where the answer is %d %j", async (status, told) => {
    expect(await fetchIt(status, told)).toBe(200);
    expect([got, asked]).toEqual([[], ["POST default/id/msg_1"]]);
  });

  test.each([
    ["canary"],
    ["[]"],
    ["null"],
    [JSON.stringify({ ...LINE, body: { canary: 1 } })],
    [JSON.stringify({ ...LINE, receiptHandle: 7, body: BODY })],
    [JSON.stringify({ ...LINE, receiptHandle: "..", body: BODY })],
  ])("comes again where the answer is %s, of which nothing is told", async (told) => {
    expect(await fetchIt(200, told)).toBe(500);
    expect(asked.filter((one) => !one.startsWith("POST"))).toEqual([]);
    expect(reports.join()).not.toContain("canary");
  });

  test.each([
    [{}, 2],
    [{ deliveryCount: undefined, timestamp: undefined }, 1],
    [{ deliveryCount: "often", timestamp: "yesterday" }, 1],
    [{ deliveryCount: -1, timestamp: 7e99 }, 1],
    [{ deliveryCount: 1.5 }, 1],
  ])("has a count and a time whatever is told: %j", async (more, attempts) => {
    expect(await fetchIt(200, JSON.stringify({ ...LINE, body: BODY, ...more }), true)).toBe(200);
    expect(got).toEqual([[{ a: 1 }, attempts, true]]);
    // Its pause is a number of seconds.
    expect(asked).toEqual(["POST default/id/msg_1", "PATCH default/lease/r%2F1"]);
  });
});

describe("a push", () => {
  const HEADERS = {
    "ce-type": "com.vercel.queue.v2beta",
    "ce-vqsqueuename": "jobs",
    "ce-vqsconsumergroup": "default",
    "ce-vqsmessageid": "msg_1",
    "ce-vqsregion": "iad1",
    "ce-vqsreceipthandle": "forged",
  };
  const seen: unknown[] = [];
  const push = async (headers: object, isTrusted = true): Promise<number> => {
    const { fetch: ask } = handleVercelQueue(
      { queue: ({ messages }) => void seen.push(messages) },
      variables(),
    );
    const token = isTrusted ? { "x-vercel-oidc-token": queues.token } : {};
    const request = new Request("https://x.example/", {
      method: "POST",
      headers: { ...HEADERS, ...token, ...headers },
      body: '"canary"',
    });
    return (await ask(request)).status;
  };
  afterEach(() => expect(seen).toEqual([]));

  test("of a message that is not out, or somebody else's by now, is none to the app", async () => {
    expect(await push({})).toBe(200);
    expect(await push({ "ce-vqsreceipthandle": "" })).toBe(200);
  });

  test.each([
    ["of another kind", { "ce-type": "com.vercel.queue.v1beta" }],
    ["of no queue", { "ce-vqsqueuename": "" }],
    ["of a queue with an impossible name", { "ce-vqsqueuename": "../x" }],
    ["for nobody", { "ce-vqsconsumergroup": "" }],
    ["of no message", { "ce-vqsmessageid": "" }],
    ["from nowhere", { "ce-vqsregion": "" }],
    ["of a message that leads elsewhere", { "ce-vqsmessageid": ".." }],
    ["of a message that leads nowhere", { "ce-vqsmessageid": "." }],
    ["with a receipt that leads elsewhere", { "ce-vqsreceipthandle": ".." }],
    ["with a receipt that leads nowhere", { "ce-vqsreceipthandle": "." }],
  ])("%s is refused", async (_, headers) => {
    expect(await push(headers)).toBe(400);
    expect(queues.asked).toEqual([]);
  });

  test("that cannot be looked into comes again", async () => {
    expect(await push({}, false)).toBe(500);
    expect(await push({ "ce-vqsregion": "evil.example/" })).toBe(500);
    expect(reports.join()).not.toContain("canary");
  });

  test("means nothing to the function that visitors call", async () => {
    const app: PortableApp = {
      fetch: () => new Response("a page"),
      queue: (batch) => void seen.push(batch),
    };
    const { fetch: ask } = handleVercel(app, "/due", variables());
    const request = new Request("https://x.example/_supercargo/queues/jobs", {
      method: "POST",
      headers: HEADERS,
      body: "1",
    });
    expect(await (await ask(request)).text()).toBe("a page");
  });
});
