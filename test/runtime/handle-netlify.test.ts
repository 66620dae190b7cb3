import { expect, test, vi } from "vitest";
import { handleNetlify, type NetlifyEvent } from "../../src/runtime/handle-netlify.ts";

const EVENT = { rawUrl: "https://x.example/", httpMethod: "GET", headers: {} };
const CANARY = "canary-of-the-failure";
const BROKEN = new ReadableStream({ start: (controller) => controller.error(new Error(CANARY)) });

test.each<[what: string, event: NetlifyEvent]>([
  ["a method that no Request can have", { ...EVENT, httpMethod: "TRACE" }],
  ["an address that is none", { ...EVENT, rawUrl: "nowhere" }],
  ["a body that breaks off", EVENT],
  ["a way to stores that cannot be read", { ...EVENT, blobs: "{" }],
])("what fails outside of the app is reported, and answered with 500: %s", async (_, event) => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const { handler } = handleNetlify({ fetch: async () => new Response(BROKEN) }, {});
    const answer = await handler(event);
    expect(answer).toMatchObject({ statusCode: 500, body: "Internal server error\n" });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
    expect(written).toHaveBeenCalledOnce();
  } finally {
    written.mockRestore();
  }
});

test.each<[what: string, more: Partial<NetlifyEvent>]>([
  ["no body", {}],
  ["a body of another form", { body: "next_run" }],
  ["a list", { body: "[]" }],
])("a schedule's function does nothing for a call with %s", async (_, more) => {
  const scheduled = vi.fn();
  const run = handleNetlify({ scheduled }, {}).handleSchedule("0 3 * * *");
  const call = { ...EVENT, httpMethod: "POST", ...more };
  expect((await run(call)).statusCode).toBe(404);
  expect(scheduled).not.toHaveBeenCalled();
  const body = Buffer.from(JSON.stringify({ next_run: "2026-01-01T00:00:00Z" }));
  const due = { ...call, body: body.toString("base64"), isBase64Encoded: true };
  expect((await run(due)).statusCode).toBe(204);
  expect(scheduled).toHaveBeenCalledOnce();
});
