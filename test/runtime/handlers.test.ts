import { describe, expect, test } from "vitest";
import { handleGoogle } from "../../src/runtime/handle-google.ts";
import { handleLambda } from "../../src/runtime/handle-lambda.ts";
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
  const event = (body: unknown) => ({
    id: "1",
    source: "//pubsub.googleapis.com/projects/p/topics/jobs",
    time: "2026-11-28T03:00:00Z",
    data: { message: { data: Buffer.from(JSON.stringify(body)).toString("base64") } },
  });

  test("reject a message that is to come again", async () => {
    const { app, done } = createApp();
    const { queue, scheduled } = handleGoogle(app, {});
    await queue(event("fine"));
    await expect(queue(event("again"))).rejects.toThrow("asks for the message again");
    await scheduled(event({}));
    expect(done).toEqual([["jobs", "fine", 1], ["jobs", "again", 1], "2026-11-28T03:00:00.000Z"]);
  });
});
