import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NATIVE_ATTRIBUTES } from "../../src/deploy/stand-in-plugin/opentofu/native-attributes.ts";
import { createNativeProvider } from "../../src/deploy/stand-in-plugin/opentofu/native-provider.ts";
import type { Unfinished } from "../../src/deploy/stand-in-plugin/opentofu/unfinished.ts";
import { SPECS } from "../../src/deploy/stand-in-plugin/specs/index.ts";
import { UNKNOWN, type Values } from "../../src/tfplugin/value.ts";
import { connectPlugin, type PluginClient } from "./plugin-client.ts";

const QUEUE: Values = { account_id: "a1", queue_name: "acme-local-outbox" };
const MADE = { queue_id: "q1", queue_name: "acme-local-outbox" };

let server: Server;
let config: Values;
let answers: Readonly<Record<string, { readonly status?: number; readonly result: unknown }>> = {};
const calls: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const call = `${request.method} ${request.url?.replace(/\?.*/, "")}`;
    calls.push(call);
    const { status = 200, result } = answers[call] ?? { status: 404, result: null };
    const errors = status === 200 ? [] : [{ code: 11_009, message: "text of the provider" }];
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify({ success: status === 200, result, errors }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  config = { api_token: "t".repeat(40), base_url: `http://127.0.0.1:${port}` };
});
beforeEach(() => {
  calls.length = 0;
});
afterAll(() => server.close());

async function withProvider(
  unfinished: readonly Unfinished[],
  work: (client: PluginClient) => Promise<void>,
): Promise<void> {
  const client = await connectPlugin(createNativeProvider(unfinished));
  try {
    await client.configure(config);
    await work(client);
  } finally {
    client.close();
  }
}

test("every type of the table of calls has its attributes, and no other has", () => {
  const types = [...createNativeProvider([]).resources.keys()];
  expect(types.sort()).toEqual(Object.keys(NATIVE_ATTRIBUTES).sort());
  expect(types).toHaveLength(SPECS.size);
});

test("makes, and stores what the provider answered", () =>
  withProvider([], async (client) => {
    answers = { "POST /accounts/a1/queues": { result: MADE } };
    const planned = (await client.plan("cloudflare_queue", undefined, QUEUE)).values;
    expect(planned).toMatchObject({ ...QUEUE, id: UNKNOWN, queue_id: UNKNOWN });
    const { values } = await client.apply("cloudflare_queue", undefined, planned);
    expect(values).toEqual({ ...QUEUE, id: "q1", queue_id: "q1" });
    expect(calls).toEqual(["POST /accounts/a1/queues"]);
  }));

test("takes over what a run that was killed has made", () =>
  withProvider([{ type: "cloudflare_queue", known: QUEUE }], async (client) => {
    answers = {
      "GET /accounts/a1/queues": { result: [{ queue_id: "q0", queue_name: "other" }, MADE] },
      "PUT /accounts/a1/queues/q1": { result: MADE },
    };
    const { values } = await client.apply("cloudflare_queue", undefined, QUEUE);
    expect(values).toMatchObject({ queue_id: "q1" });
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  }));

test("takes nothing over but the very resource, though it is of the same type and has a name that is there", async () => {
  const others: readonly Unfinished[] = [
    { type: "cloudflare_queue", known: { ...QUEUE, queue_name: "acme-local-inbox" } },
    { type: "cloudflare_queue", known: {} },
    { type: "cloudflare_r2_bucket", known: QUEUE },
  ];
  await withProvider(others, async (client) => {
    answers = {
      "GET /accounts/a1/queues": { result: [MADE] },
      "POST /accounts/a1/queues": { status: 409, result: null },
    };
    const { problems } = await client.apply("cloudflare_queue", undefined, QUEUE);
    expect(problems).toHaveLength(1);
    expect(calls).toEqual(["POST /accounts/a1/queues"]);
  });
});

test("replaces what cannot change, and says the rest without the provider's words", () =>
  withProvider([], async (client) => {
    const state = { ...QUEUE, id: "q1", queue_id: "q1" };
    const moved = { ...state, account_id: "a2" };
    expect((await client.plan("cloudflare_queue", state, moved)).replace).toEqual(["account_id"]);
    answers = { "PUT /accounts/a1/queues/q1": { status: 403, result: null } };
    const renamed = { ...state, queue_name: "new" };
    const { problems } = await client.apply("cloudflare_queue", state, renamed);
    expect(problems).toEqual([
      "PUT /accounts/a1/queues/q1 was answered with 403 (Cloudflare 11009)",
    ]);
    expect((await client.read("cloudflare_queue", state)).values).toBeUndefined();
  }));
