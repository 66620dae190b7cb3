import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { callBroker } from "../../src/broker/client.ts";
import { type BrokerRequest, LEASE_KINDS, type LeaseKind } from "../../src/broker/protocol.ts";
import { type BrokerServer, startBrokerServer } from "../../src/broker/server.ts";
import type { SignedRequest } from "../../src/broker/session.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { createBench, requests } from "./fakes/bench.ts";
import {
  openRaw,
  post,
  postSigned,
  type RawAnswer,
  type RawSession,
  signRaw,
} from "./raw-client.ts";

const run = promisify(execFile);
const VERBS = ["create", "read", "update", "delete"] as const;
const PATH = "/v1/requests";
const RUN = { project: "shop", stack: "prod" };

const CREATES: Readonly<Record<LeaseKind, BrokerRequest>> = {
  account: requests.account(),
  "payment-token": requests.payment("acct"),
  "access-token": requests.access("acct"),
  domain: requests.domain("acct", "pay"),
  "service-instance": requests.service("acct", "pay"),
  secret: requests.secret(),
};

/** What a thief would like to have done: every verb on every kind. */
const WISHES: readonly BrokerRequest[] = LEASE_KINDS.flatMap((kind) =>
  VERBS.map((verb) => ({ ...CREATES[kind], verb, id: "lease_1" }) as unknown as BrokerRequest),
);

interface Scene {
  readonly server: BrokerServer;
  /** The text of the ticket, as a thief may have read it before it was used. */
  readonly ticket: string;
  /** Path of the ticket, as it stands in the environment. */
  readonly path: string;
  readonly victim: RawSession;
  /** A request of the victim's, as it could stand in a log of the traffic. */
  readonly recorded: SignedRequest;
  later(milliseconds: number): void;
}

type Theft = (scene: Scene, wish: BrokerRequest) => Promise<RawAnswer | undefined>;

const send = ({ server }: Scene, session: RawSession, wish: unknown) =>
  postSigned(server.socket, signRaw(session, PATH, JSON.stringify(wish)));
const asBearer =
  (secret: string): Theft =>
  ({ server }, wish) =>
    post(server.socket, PATH, JSON.stringify(wish), { Authorization: `Bearer ${secret}` });
const elsewhere =
  (project: string, stack: string): Theft =>
  (scene, wish) =>
    send(scene, scene.victim, { ...wish, identity: { ...wish.identity, project, stack } });

/** Each: what was stolen, and how it is used. */
const THEFTS: Readonly<Record<string, Theft>> = {
  "the path in the environment, as a ticket": async (scene, wish) => {
    const session = await openRaw(scene.server.socket, scene.path);
    return session && send(scene, session, wish);
  },
  "the path in the environment, as a bearer token": (scene, wish) =>
    asBearer(scene.path)(scene, wish),
  "the ticket, after it was used": async (scene, wish) => {
    const session = await openRaw(scene.server.socket, scene.ticket);
    return session && send(scene, session, wish);
  },
  "the ticket, as a bearer token": (scene, wish) => asBearer(scene.ticket)(scene, wish),
  "the ticket, as the name of a session": (scene, wish) =>
    send(scene, { ...scene.victim, id: scene.ticket }, wish),
  "the session's name from a log, without a signature": ({ server, victim }, wish) =>
    post(server.socket, PATH, JSON.stringify(wish), { "Supercargo-Session": victim.id }),
  "the session's name from a log, signed by another process": (scene, wish) =>
    send(scene, { ...scene.victim, key: generateKeyPairSync("ed25519").privateKey }, wish),
  "a recorded request, sent again": ({ server, recorded }) => postSigned(server.socket, recorded),
  "a recorded signature, for another request": ({ server, recorded }, wish) =>
    postSigned(server.socket, { ...recorded, body: JSON.stringify(wish) }),
  "a recorded signature, for another time": ({ server, recorded }) =>
    postSigned(server.socket, { ...recorded, nonce: "another" }),
  "a recorded signature, for a sub-agent of one's own": ({ server, recorded }) =>
    postSigned(server.socket, { ...recorded, path: "/v1/delegations" }),
  "the session with its key, an hour later": (scene, wish) => {
    scene.later(3_600_000);
    return send(scene, scene.victim, wish);
  },
  "the session with its key, after the run": async (scene, wish) => {
    await scene.server.close();
    return send(scene, scene.victim, wish);
  },
  "the session with its key, in the next run": async (scene, wish) => {
    const { open } = createBench();
    const next = await startBrokerServer(await open());
    const answer = await send({ ...scene, server: next }, scene.victim, wish);
    await next.close();
    return answer;
  },
  "the session with its key, for another project": elsewhere("other", "prod"),
  "the session with its key, for another stack": elsewhere("shop", "local"),
  "the session with its key, for a verb that the run has not": async (scene, wish) => {
    const verbs = VERBS.filter((verb) => verb !== wish.verb);
    const { SUPERCARGO_BROKER_TICKET } = scene.server.admit({ ...RUN, verbs });
    const session = await openRaw(
      scene.server.socket,
      readFileSync(SUPERCARGO_BROKER_TICKET, "utf8"),
    );
    return session && send(scene, session, wish);
  },
};

async function setScene(): Promise<{ readonly scene: Scene; calls(): number }> {
  const { open, world } = createBench();
  let now = Date.parse("2026-11-10T12:00:00Z");
  const server = await startBrokerServer(await open(), { now: () => now });
  onTestFinished(() => server.close().catch(() => undefined));
  const { SUPERCARGO_BROKER_TICKET: path } = server.admit(RUN);
  const ticket = readFileSync(path, "utf8");
  const victim = await openRaw(server.socket, ticket);
  if (victim === undefined) throw new Error("the victim was not admitted");
  const body = JSON.stringify({ ...requests.secret(), verb: "read", id: "lease_1" });
  const recorded = signRaw(victim, PATH, body);
  expect((await postSigned(server.socket, recorded))?.status).toBe(200);
  const later = (milliseconds: number): void => {
    now += milliseconds;
  };
  return {
    scene: { server, ticket, path, victim, recorded, later },
    calls: () => world.calls.size,
  };
}

describe("promise 13: a stolen token is useless", () => {
  test.each(Object.entries(THEFTS))("%s", async (_, theft) => {
    let refused = 0;
    for (const wish of WISHES) {
      const { scene, calls } = await setScene();
      const answer = await theft(scene, wish);
      const code = answer && (JSON.parse(answer.body) as { code?: string }).code;
      expect([undefined, "session_refused"], JSON.stringify(wish)).toContain(code);
      if (answer !== undefined) expect(answer.body).toContain('"ok":false');
      expect(calls()).toBe(0);
      refused += 1;
    }
    expect(refused).toBe(24);
  });

  test("while its owner is heard, whatever it asks", async () => {
    for (const wish of WISHES) {
      const { scene } = await setScene();
      const answer = await send(scene, scene.victim, wish);
      expect(answer?.status).toBe(200);
      expect(answer?.body).not.toContain("session_refused");
    }
  });

  test("also by a process that has all of the owner's environment", async () => {
    const { open } = createBench();
    const server = await startBrokerServer(await open());
    onTestFinished(() => server.close());
    const env = server.admit(RUN);
    const request = requests.secret() as BrokerRequest;
    expect(await callBroker(request, env)).toMatchObject({ ok: true });
    const client = join(import.meta.dirname, "../../src/broker/client.ts");
    const program = `const { callBroker } = await import(${JSON.stringify(client)});
      console.log(JSON.stringify(await callBroker(${JSON.stringify(request)})));`;
    const args = ["--input-type=module", "--eval", program];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...env } });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: "session_refused" });
  });

  test("and neither ticket nor session is written down anywhere", async () => {
    const { open, home } = createBench();
    const lines: string[] = [];
    const server = await startBrokerServer(await open(), { log: (line) => void lines.push(line) });
    onTestFinished(() => server.close());
    const ticket = readFileSync(server.admit(RUN).SUPERCARGO_BROKER_TICKET, "utf8");
    const victim = await openRaw(server.socket, ticket);
    if (victim === undefined) throw new Error("the victim was not admitted");
    for (const wish of WISHES)
      await postSigned(server.socket, signRaw(victim, PATH, JSON.stringify(wish)));
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    expect(files.length).toBeGreaterThan(1);
    for (const text of [...files, ...lines]) {
      expect(text).not.toContain(ticket);
      expect(text).not.toContain(victim.id);
    }
  });

  test("in more than 200 scenarios", ({ task }) => {
    const scenarios = Object.keys(THEFTS).length * WISHES.length;
    expect(scenarios).toBeGreaterThan(200);
    noteFigure(task, `0 of ${scenarios} thefts succeed`);
  });

  test("and a ticket that was stolen before its owner came is noticed", async () => {
    const { open } = createBench();
    const server = await startBrokerServer(await open());
    onTestFinished(() => server.close());
    const { SUPERCARGO_BROKER_TICKET: path } = server.admit(RUN);
    const ticket = readFileSync(path, "utf8");
    expect(await openRaw(server.socket, ticket)).toBeDefined();
    expect(server.refusedTickets()).toBe(0);
    expect(await openRaw(server.socket, ticket)).toBeUndefined();
    expect(server.refusedTickets()).toBe(1);
  });
});
