import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type GoogleFunctions, handleGoogle } from "../../src/runtime/handle-google.ts";
import { handleLambda } from "../../src/runtime/handle-lambda.ts";
import { handleNetlify } from "../../src/runtime/handle-netlify.ts";
import { handleVercel } from "../../src/runtime/handle-vercel.ts";
import type { MessageBatch, PortableApp } from "../../src/runtime/portable-app.ts";

/** Repeats the messages that say so; what it leaves to `waitUntil` is noted. */
function createApp() {
  const done: unknown[] = [];
  const app: PortableApp = {
    queue({ queue, messages }: MessageBatch, _env, context) {
      for (const message of messages) {
        const { body, attempts } = message;
        context.waitUntil(Promise.resolve().then(() => void done.push([queue, body, attempts])));
        if (body === "again") message.retry();
      }
    },
    scheduled({ scheduledTime }) {
      done.push(new Date(scheduledTime).toISOString());
    },
  };
  return { app, done };
}

afterEach(() => vi.restoreAllMocks());

/** What `fetch` of an app throws is reported once, and told to nobody outside. */
describe("an app whose fetch throws", () => {
  const broken: readonly (readonly [string, PortableApp])[] = [
    [
      "at once",
      {
        fetch: () => {
          throw new Error("canary");
        },
      },
    ],
    ["later", { fetch: () => Promise.reject(new Error("canary")) }],
  ];
  const watch = () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    vi.spyOn(console, "error").mockImplementation((...words) => {
      lines.push(words.map(String).join(" "));
    });
    return lines;
  };
  const expectOneReport = (lines: readonly string[]) => {
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Error: canary\n +at /);
  };

  test.each(broken)("%s, is answered for on Lambda", async (_, app) => {
    const lines = watch();
    const event = {
      version: "2.0",
      rawPath: "/",
      rawQueryString: "",
      headers: { host: "x.example" },
      requestContext: { domainName: "x.example", http: { method: "GET", path: "/" } },
      isBase64Encoded: false,
    };
    const answer = await handleLambda(app, {})(event as never);
    expect(answer).toMatchObject({ statusCode: 500, body: "Internal server error\n" });
    expectOneReport(lines);
  });

  test.each(broken)("%s, is answered for at Google", async (_, app) => {
    const lines = watch();
    const functions = handleGoogle(app, {});
    const answer = await ask((request, response) => void functions.app(request, response));
    expect(answer).toEqual([500, "Internal server error\n"]);
    expectOneReport(lines);
  });

  test.each(broken)("%s, is answered for at Vercel", async (_, app) => {
    const lines = watch();
    const answer = await handleVercel(app, "/due", {}).fetch(new Request("https://x.example/"));
    expect([answer.status, await answer.text()]).toEqual([500, "Internal server error\n"]);
    expectOneReport(lines);
  });
});

/** Serves for one request. */
async function ask(listener: RequestListener): Promise<readonly [number, string]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  const text = await answer.text();
  server.close();
  return [answer.status, text];
}

describe("a Lambda handler", () => {
  const record = (messageId: string, body: unknown) => ({
    messageId,
    body: JSON.stringify(body),
    eventSourceARN: "arn:aws:sqs:eu-west-1:1:jobs",
    attributes: { SentTimestamp: "0", ApproximateReceiveCount: "3" },
  });

  test("reports the messages of a batch that are to come again, and waits for work in the background", async () => {
    const { app, done } = createApp();
    const handler = handleLambda(app, {});
    const Records = [record("1", "fine"), record("2", "again")];
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(done).toEqual([
      ["jobs", "fine", 3],
      ["jobs", "again", 3],
    ]);
  });

  test("hands on what others sent as text", async () => {
    const { app, done } = createApp();
    await handleLambda(app, {})({ Records: [{ ...record("1", ""), body: "not JSON" }] });
    expect(done).toEqual([["jobs", "not JSON", 3]]);
  });

  test("hands a schedule its time", async () => {
    const { app, done } = createApp();
    const event = { "detail-type": "Scheduled Event", time: "2026-11-28T03:00:00Z" } as const;
    await handleLambda(app, {})(event);
    expect(done).toEqual(["2026-11-28T03:00:00.000Z"]);
  });
});

describe("Google's functions", () => {
  const push = (body: unknown, more: object = {}) => ({
    message: {
      data: Buffer.from(JSON.stringify(body)).toString("base64"),
      messageId: "1",
      publishTime: "2026-11-28T03:00:00Z",
    },
    subscription: "projects/p/subscriptions/jobs",
    ...more,
  });
  /** As the framework does, which has read the body. */
  const call = (listener: GoogleFunctions["queue"], body: unknown, headers = {}) =>
    ask((request, response) => {
      Object.assign(request.headers, headers);
      void listener(Object.assign(request, { body }), response);
    });

  test("say of a message whether it is to come again, and wait for work in the background", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { app, done } = createApp();
    const { queue } = handleGoogle(app, {});
    expect(await call(queue, push("fine"))).toEqual([204, ""]);
    expect(await call(queue, push("again", { deliveryAttempt: 3 }))).toEqual([500, ""]);
    expect(done).toEqual([
      ["jobs", "fine", 1],
      ["jobs", "again", 3],
    ]);
  });

  test("hand a schedule its time, and say that it failed with none of its words", async () => {
    const { app, done } = createApp();
    const headers = { "x-cloudscheduler-scheduletime": "2026-11-28T03:00:00Z" };
    expect(await call(handleGoogle(app, {}).scheduled, {}, headers)).toEqual([204, ""]);
    expect(done).toEqual(["2026-11-28T03:00:00.000Z"]);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const broken = { scheduled: () => Promise.reject(new Error("canary")) };
    expect(await call(handleGoogle(broken, {}).scheduled, {}, headers)).toEqual([500, ""]);
  });

  test.each([{}, { "x-cloudscheduler-scheduletime": "soon" }])(
    "take now for the time of a schedule that says none: %j",
    async (headers) => {
      const times: number[] = [];
      const app: PortableApp = { scheduled: ({ scheduledTime }) => void times.push(scheduledTime) };
      expect(await call(handleGoogle(app, {}).scheduled, {}, headers)).toEqual([204, ""]);
      expect(Date.now() - (times[0] ?? 0)).toBeLessThan(1e4);
    },
  );

  const { message } = push("x");
  test.each([
    ["nothing", undefined],
    ["a text", "canary"],
    ["no message", push("x", { message: undefined })],
    ["null for a message", push("x", { message: null })],
    ["no id", push("x", { message: { ...message, messageId: undefined } })],
    ["an id that is no text", push("x", { message: { ...message, messageId: 1 } })],
    ["data that is no text", push("x", { message: { ...message, data: { canary: 1 } } })],
    ["no subscription", push("x", { subscription: undefined })],
    ["a subscription that is no text", push("x", { subscription: ["canary"] })],
  ])("refuse a push with %s, of which the app hears nothing", async (_, body) => {
    const { app, done } = createApp();
    expect(await call(handleGoogle(app, {}).queue, body)).toEqual([400, ""]);
    expect(done).toEqual([]);
  });

  test("take a message without data or with a time that is none", async () => {
    const seen: unknown[] = [];
    const app: PortableApp = {
      queue: ({ messages }) =>
        void seen.push(...messages.map(({ body, timestamp }) => [body, timestamp.getTime() > 0])),
    };
    const { queue } = handleGoogle(app, {});
    const empty = { messageId: "1", publishTime: "soon", data: undefined };
    expect(await call(queue, push("x", { message: empty }))).toEqual([204, ""]);
    expect(seen).toEqual([["", true]]);
  });

  test.each(["app", "queue", "scheduled"] as const)(
    "do not let one call of %s wait for the work of another",
    async (name) => {
      let calls = 0;
      const release = Promise.withResolvers<void>();
      const work = (context: { waitUntil(work: Promise<unknown>): void }) => {
        calls += 1;
        if (calls === 1) context.waitUntil(release.promise);
      };
      const app: PortableApp = {
        fetch(_request, _env, context) {
          work(context);
          return new Response("ok");
        },
        queue: (_batch, _env, context) => work(context),
        scheduled: (_event, _env, context) => work(context),
      };
      const listener = handleGoogle(app, {})[name];
      const ended: number[] = [];
      const run = async (number: number): Promise<void> => {
        const done = Promise.withResolvers<void>();
        await ask((request, response) => {
          const given = Object.assign(request, { body: push("x") });
          void listener(given, response).then(() => {
            ended.push(number);
            done.resolve();
          });
        });
        await done.promise;
      };
      const first = run(1);
      await vi.waitFor(() => expect(calls).toBe(1), { timeout: 15_000 });
      await run(2);
      expect(ended).toEqual([2]);
      release.resolve();
      await first;
      expect(ended).toEqual([2, 1]);
    },
  );
});

describe("Vercel's function", () => {
  const AUTHORIZED = { authorization: "Bearer secret", "x-vercel-cron-schedule": "0 3 * * 1" };
  const due = (headers: Readonly<Record<string, string>>) =>
    new Request("https://x.example/due", { headers });

  test("runs a schedule for whoever shows the secret, and keeps the call from the app's fetch", async () => {
    const calls: unknown[] = [];
    const app: PortableApp = {
      fetch: ({ url }) => Response.json({ url }),
      scheduled: ({ cron, scheduledTime }) =>
        void calls.push(cron, Date.now() - scheduledTime < 1e4),
    };
    const { fetch: ask } = handleVercel(app, "/due", { CRON_SECRET: "secret" });
    expect((await ask(due(AUTHORIZED))).status).toBe(204);
    expect(calls).toEqual(["0 3 * * 1", true]);
    for (const authorization of ["", "Bearer secrex", "Bearer secret2", "secret", "Bearer s"])
      expect((await ask(due({ ...AUTHORIZED, authorization }))).status).toBe(401);
    expect(calls).toHaveLength(2);
    const other = await ask(new Request("https://x.example/due/more"));
    expect(await other.json()).toEqual({ url: "https://x.example/due/more" });
  });

  test.each([{}, { CRON_SECRET: "" }])(
    "runs none where there is no secret: %j",
    async (variables) => {
      const app: PortableApp = { scheduled: () => expect.unreachable("nobody may") };
      const { fetch: ask } = handleVercel(app, "/due", variables);
      for (const authorization of ["Bearer ", "Bearer undefined", "Bearer"])
        expect((await ask(due({ authorization }))).status).toBe(401);
    },
  );

  test("answers for a schedule that throws", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const app: PortableApp = { scheduled: () => Promise.reject(new Error("canary")) };
    const answer = await handleVercel(app, "/due", { CRON_SECRET: "secret" }).fetch(
      due(AUTHORIZED),
    );
    expect([answer.status, await answer.text()]).toEqual([500, "Internal server error\n"]);
  });

  test("hands work in the background to the platform, or waits for it before it answers", async () => {
    const done: string[] = [];
    const app: PortableApp = {
      fetch(_request, _env, context) {
        const work = async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          done.push("work");
        };
        context.waitUntil(work());
        return new Response("ok");
      },
    };
    const { fetch: ask } = handleVercel(app, "/due", {});
    const handed: Promise<unknown>[] = [];
    await ask(new Request("https://x.example/"), { waitUntil: (work) => void handed.push(work) });
    expect(done).toEqual([]);
    await Promise.all(handed);
    expect(done).toEqual(["work"]);
    await ask(new Request("https://x.example/"));
    expect(done).toEqual(["work", "work"]);
  });
});

describe("a function of Netlify's", () => {
  const event = {
    rawUrl: "https://x.example/a?b=c",
    httpMethod: "GET",
    headers: { host: "x.example", "x-one": "1" },
  };

  test("answers what the visitor asked for, with each header and bytes as they are", async () => {
    const bytes = Uint8Array.of(0, 255, 10);
    const app: PortableApp = {
      async fetch(request) {
        const sent = await request.arrayBuffer();
        const headers = new Headers({
          "x-url": request.url,
          "x-two": request.headers.get("x-two") ?? "",
        });
        headers.append("set-cookie", "a=1");
        headers.append("set-cookie", "b=2");
        return new Response(sent, { status: 201, headers });
      },
    };
    const { handler } = handleNetlify(app, {});
    const binary = await handler({
      ...event,
      httpMethod: "POST",
      multiValueHeaders: { "x-two": ["1", "2"] },
      body: Buffer.from(bytes).toString("base64"),
      isBase64Encoded: true,
    });
    expect(binary).toEqual({
      statusCode: 201,
      multiValueHeaders: {
        "set-cookie": ["a=1", "b=2"],
        "x-two": ["1, 2"],
        "x-url": ["https://x.example/a?b=c"],
      },
      body: Buffer.from(bytes).toString("base64"),
      isBase64Encoded: true,
    });
    const text = await handler({ ...event, httpMethod: "POST", body: "ü" });
    expect(text).toMatchObject({ body: "ü", isBase64Encoded: false });
  });

  test("runs a schedule by its name, waits for its work, and answers for one that throws", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const done: string[] = [];
    const app: PortableApp = {
      scheduled({ cron }, _env, context) {
        context.waitUntil(Promise.resolve().then(() => void done.push(cron)));
        if (cron === "broken") throw new Error("canary");
      },
    };
    const { handleSchedule } = handleNetlify(app, {});
    expect((await handleSchedule("0 3 * * *")(event)).statusCode).toBe(204);
    const broken = await handleSchedule("broken")(event);
    expect(broken).toMatchObject({ statusCode: 500, body: "Internal server error\n" });
    expect(done).toEqual(["0 3 * * *", "broken"]);
  });

  test("hides what an app throws", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const app: PortableApp = { fetch: () => Promise.reject(new Error("canary")) };
    const answer = await handleNetlify(app, {}).handler(event);
    expect(answer).toMatchObject({ statusCode: 500, body: "Internal server error\n" });
  });
});
