import { existsSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { callBroker } from "../../src/broker/client.ts";
import type { BrokerRequest } from "../../src/broker/protocol.ts";
import { startBrokerServer } from "../../src/broker/server.ts";
import { createBench, requests } from "./fakes/bench.ts";

async function serve(broker: Pick<Broker, "handle">) {
  const lines: string[] = [];
  const server = await startBrokerServer(broker, { log: (line) => void lines.push(line) });
  onTestFinished(() => server.close());
  return { ...server, lines };
}

/** Sends raw bytes and answers with status and body. */
function post(
  socketPath: string,
  token: string,
  body: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        socketPath,
        path: "/v1/requests",
        method: "POST",
        headers: { Authorization: `Bearer ${token}` },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += String(chunk);
        });
        response.on("end", () => resolve({ status: response.statusCode, body: text }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

describe("a broker over its socket", () => {
  it("answers as it does in the process, and many at once", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { env } = await serve(broker);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => callBroker(requests.account() as BrokerRequest, env)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual(await broker.handle(requests.account()));
    expect(world.accounts).toHaveLength(1);
  });

  it("is the owner's alone and leaves nothing behind", async () => {
    const { open } = createBench();
    const server = await startBrokerServer(await open());
    expect(statSync(server.socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(server.socket)).mode & 0o777).toBe(0o700);
    expect(server.socket.length).toBeLessThan(100);
    await server.close();
    expect(existsSync(dirname(server.socket))).toBe(false);
  });

  it("refuses whoever lacks the token, before it reads anything", async () => {
    const { open, world } = createBench();
    const { socket, env } = await serve(await open());
    for (const token of ["", "wrong", `${env.SUPERCARGO_BROKER_TOKEN}x`])
      expect(await post(socket, token, JSON.stringify(requests.account()))).toMatchObject({
        status: 401,
      });
    expect(world.calls.size).toBe(0);
  });

  it.each([
    ["no JSON", "{"],
    ["no request", "[]"],
    ["an unknown kind", '{"verb":"create","kind":"bank","identity":{}}'],
    [
      "a resource that is no name",
      JSON.stringify({
        ...requests.account(),
        identity: { project: "p", stack: "s", resource: "../x" },
      }),
    ],
    ["a key of another prototype", '{"verb":"create","kind":"__proto__","identity":{}}'],
  ])("refuses %s", async (_, body) => {
    const { open, world } = createBench();
    const { socket, env } = await serve(await open());
    const answer = await post(socket, env.SUPERCARGO_BROKER_TOKEN, body);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, code: "bad_request" });
    expect(world.calls.size).toBe(0);
  });

  it("refuses a request of more than 256 KiB", async () => {
    const { open } = createBench();
    const { socket, env } = await serve(await open());
    const answer = await post(socket, env.SUPERCARGO_BROKER_TOKEN, " ".repeat(300_000)).catch(
      () => ({ status: 400 }),
    );
    expect(answer.status).toBe(400);
  });

  it("tells a client nothing of a bug but that there is one", async () => {
    const { env, lines } = await serve({
      handle: () => Promise.reject(new Error("the card is 4242")),
    });
    const answer = await callBroker(requests.secret() as BrokerRequest, env);
    expect(answer).toMatchObject({ ok: false, code: "internal" });
    expect(JSON.stringify(answer)).not.toContain("4242");
    expect(lines).toHaveLength(1);
  });

  it("that does not run is named as the reason", async () => {
    const request = requests.secret() as BrokerRequest;
    const code = "broker_not_running";
    expect(await callBroker(request, {})).toMatchObject({ code });
    const env = { SUPERCARGO_BROKER_SOCKET: "/tmp/none/broker", SUPERCARGO_BROKER_TOKEN: "x" };
    const answer = await callBroker(request, env);
    expect(answer).toMatchObject({ code });
    expect(answer.ok || answer.remedy).toContain("npx supercargo up");
  });
});
