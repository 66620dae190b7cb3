import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { callBroker } from "../../src/broker/client.ts";
import type { BrokerRequest } from "../../src/broker/protocol.ts";
import { type BrokerServer, startBrokerServer } from "../../src/broker/server.ts";
import { createBench, requests } from "./fakes/bench.ts";
import { openRaw, post, postSigned, signRaw } from "./raw-client.ts";

async function serve(broker: Pick<Broker, "handle">) {
  const lines: string[] = [];
  const server = await startBrokerServer(broker, { log: (line) => void lines.push(line) });
  onTestFinished(() => server.close());
  return { ...server, lines };
}

/** Sends a body signed by a client that was admitted. */
async function postAs(server: BrokerServer, body: string) {
  const { SUPERCARGO_BROKER_TICKET } = server.admit(RUN);
  const session = await openRaw(server.socket, readFileSync(SUPERCARGO_BROKER_TICKET, "utf8"));
  if (session === undefined) throw new Error("not admitted");
  return postSigned(server.socket, signRaw(session, "/v1/requests", body));
}

const RUN = { project: "shop", stack: "prod" };

describe("a broker over its socket", () => {
  it("answers as it does in the process, and many at once", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const env = (await serve(broker)).admit(RUN);
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
    const { SUPERCARGO_BROKER_TICKET: ticket } = server.admit(RUN);
    expect(statSync(ticket).mode & 0o777).toBe(0o600);
    expect(server.socket.length).toBeLessThan(100);
    await server.close();
    expect(existsSync(dirname(server.socket))).toBe(false);
  });

  it("refuses whoever was not admitted, before it reads anything", async () => {
    const { open, world } = createBench();
    const { socket } = await serve(await open());
    const body = JSON.stringify(requests.account());
    for (const headers of [{}, { Authorization: "Bearer x" }, { "Supercargo-Session": "x" }])
      expect(await post(socket, "/v1/requests", body, headers)).toMatchObject({ status: 401 });
    expect(world.calls.size).toBe(0);
  });

  it("puts no secret into the environment, and nothing on the disk once a client came", async () => {
    const { open } = createBench();
    const server = await serve(await open());
    const env = server.admit(RUN);
    const ticket = readFileSync(env.SUPERCARGO_BROKER_TICKET, "utf8");
    expect(JSON.stringify(env)).not.toContain(ticket);
    expect((await callBroker(requests.secret() as BrokerRequest, env)).ok).toBe(true);
    expect(existsSync(env.SUPERCARGO_BROKER_TICKET)).toBe(false);
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
    const answer = await postAs(await serve(await open()), body);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ ok: false, code: "bad_request" });
    expect(world.calls.size).toBe(0);
  });

  it("refuses a request of more than 256 KiB", async () => {
    const { open } = createBench();
    const answer = await postAs(await serve(await open()), " ".repeat(300_000));
    // The connection may end before the client has sent all of it.
    expect(answer?.status ?? 400).toBe(400);
  });

  it("tells a client nothing of a bug but that there is one", async () => {
    const { admit, lines } = await serve({
      handle: () => Promise.reject(new Error("the card is 4242")),
    });
    const env = admit(RUN);
    const answer = await callBroker(requests.secret() as BrokerRequest, env);
    expect(answer).toMatchObject({ ok: false, code: "internal" });
    expect(JSON.stringify(answer)).not.toContain("4242");
    expect(lines).toHaveLength(1);
  });

  it("that does not run is named as the reason", async () => {
    const request = requests.secret() as BrokerRequest;
    const code = "broker_not_running";
    expect(await callBroker(request, {})).toMatchObject({ code });
    const env = {
      SUPERCARGO_BROKER_SOCKET: "/tmp/none/broker",
      SUPERCARGO_BROKER_TICKET: "/tmp/none/ticket",
    };
    const answer = await callBroker(request, env);
    expect(answer).toMatchObject({ code });
    expect(answer.ok || answer.remedy).toContain("npx supercargo up");
  });
});
