import { expect, test } from "vitest";
import { openSqsQueue } from "../../src/runtime/sqs-queue.ts";
import { serveJson } from "../portable/http-server.ts";

test.each([
  ["123456789012/jobs", (host: string) => `http://${host}/123456789012/jobs`],
  [
    "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
    () => "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
  ],
])("the queue at %s is named by its URL, wherever it is asked", async (path, urlAt) => {
  const named: unknown[] = [];
  const { host, close } = await serveJson(async (_request, body) => {
    named.push((JSON.parse(body) as { readonly QueueUrl: string }).QueueUrl);
    return { status: 200, json: { Successful: [], Failed: [] } };
  });
  try {
    const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
    const endpoint = `http://${host}`;
    await openSqsQueue({ endpoint, path, region: "us-east-1", credentials }).send({ a: 1 });
    expect(named).toEqual([urlAt(host)]);
  } finally {
    close();
  }
});
