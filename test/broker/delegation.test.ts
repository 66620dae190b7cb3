import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { callBroker, delegateSession } from "../../src/broker/client.ts";
import type { BrokerAnswer, BrokerRequest, LeaseInputs } from "../../src/broker/protocol.ts";
import { type BrokerServer, startBrokerServer } from "../../src/broker/server.ts";
import type { DelegationRequest } from "../../src/broker/session.ts";
import { createPermits } from "../../src/operations/create-permits.ts";
import { createNeededBy } from "../../src/operations/match-manifest.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { type Bench, createBench, grant, requests } from "./fakes/bench.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const GUARDRAILS = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: agent, verbs: [read, update, rotate, create-free, create-paid, issue-token] }
  - { effect: permit, subject: sub-agent, verbs: [read, update, rotate, create-free, issue-token] }
`;
const { model, lowered } = compileText(
  manifestOf("  orders: { kind: database }\n  media: { kind: bucket }\n  key: { kind: secret }"),
  { stack: "local", guardrails: GUARDRAILS },
);
const D1 = { group: "D1 Write", scope: "account" } as const;
const R2 = { group: "Workers R2 Storage Write", scope: "account" } as const;

interface Stage {
  readonly bench: Bench;
  readonly broker: Broker;
  readonly server: BrokerServer;
  readonly root: Environment;
  readonly account: string;
}

/** A broker that acts for the agent, with the stack's own token for D1 and R2. */
async function setStage(): Promise<Stage> {
  const bench = createBench();
  const broker = await bench.open({
    permits: createPermits(model, "agent:build-bot"),
    neededBy: createNeededBy(lowered),
  });
  const server = await startBrokerServer(broker, { now: () => bench.clock.now() });
  onTestFinished(() => server.close());
  const { accountId: account } = (await grant(broker, requests.account())).outputs;
  await grant(
    broker,
    requests.access(account, { permissions: [D1, R2], zones: ["a.com", "b.com"] }),
  );
  const root = server.admit({ project: "shop", stack: "prod" });
  return { bench, broker, server, root, account };
}

async function delegate(from: Environment, request: Partial<DelegationRequest> = {}) {
  const given = await delegateSession({ id: "helper", ttlSeconds: 600, ...request }, from);
  if (!given.ok) throw new Error(given.code);
  return given;
}

function mint(
  env: Environment,
  account: string,
  overrides: Partial<LeaseInputs["access-token"]> = {},
): Promise<BrokerAnswer> {
  const inputs = { permissions: [D1, R2], zones: ["a.com", "b.com", "c.com"], ...overrides };
  return callBroker(requests.access(account, inputs) as BrokerRequest, env);
}

/** The tokens of sub-agents as the ledger has them. */
async function readTokens({ broker }: Stage) {
  const { leases } = await broker.summary();
  return leases.filter(
    ({ kind, identity }) => kind === "access-token" && identity.resource.includes("/"),
  );
}

describe("promise 11: a sub-agent gets an access token", () => {
  it("with what its delegation leaves of the parent's rights, and of its own name", async () => {
    const stage = await setStage();
    const { env } = await delegate(stage.root, { tokenScopes: ["D1 Write/account"] });
    expect(await mint(env, stage.account)).toMatchObject({ ok: true });
    const { world } = stage.bench;
    expect(world.accessTokens.map(({ groups }) => groups)).toEqual([
      ["D1 Write", "Workers R2 Storage Write"],
      ["D1 Write"],
    ]);
    expect((await readTokens(stage)).map(({ identity }) => identity.resource)).toEqual([
      "cloudflare.access-token/helper",
    ]);
  });

  it("with the rights that its resources need by the manifest's edges", async () => {
    const stage = await setStage();
    const { env } = await delegate(stage.root, { resources: ["media"] });
    expect(await mint(env, stage.account)).toMatchObject({ ok: true });
    expect(stage.bench.world.accessTokens.at(-1)?.groups).toEqual(["Workers R2 Storage Write"]);
    const none = await delegate(stage.root, { id: "none", resources: ["key"] });
    expect(await mint(none.env, stage.account)).toMatchObject({ code: "not_permitted" });
  });

  it("with no right that the parent's token has not", async () => {
    const stage = await setStage();
    const { env } = await delegate(stage.root);
    const dns = { group: "DNS Write", scope: "zone" } as const;
    expect(await mint(env, stage.account, { permissions: [dns] })).toMatchObject({
      code: "not_permitted",
    });
    expect(await mint(env, stage.account, { permissions: [dns, D1] })).toMatchObject({ ok: true });
    expect(stage.bench.world.accessTokens.at(-1)?.groups).toEqual(["D1 Write"]);
  });

  it("for no longer than its session, the parent's session and the parent's token", async () => {
    const stage = await setStage();
    const end = async (env: Environment, id: string) => {
      await mint(env, stage.account, { ttlSeconds: 86_400 });
      const token = (await readTokens(stage)).find(({ identity }) =>
        identity.resource.endsWith(id),
      );
      return (Date.parse(token?.expiresAt ?? "") - stage.bench.clock.now()) / 1000;
    };
    const long = await delegate(stage.root, { id: "long", ttlSeconds: 36_000 });
    expect(await end(long.env, "long")).toBe(900);
    const short = await delegate(stage.root, { id: "short", ttlSeconds: 60 });
    expect(await end(short.env, "short")).toBe(60);
    const mid = await delegate(stage.root, { id: "mid", ttlSeconds: 100 });
    const below = await delegate(mid.env, { id: "below", ttlSeconds: 900 });
    expect(await end(below.env, "below")).toBe(100);
  });

  it("that is revoked when the next run begins", async () => {
    const stage = await setStage();
    await mint((await delegate(stage.root)).env, stage.account);
    expect(await readTokens(stage)).toHaveLength(1);
    await stage.broker.renewCredentials("shop", "prod");
    expect(await readTokens(stage)).toEqual([]);
  });

  it("and cannot read, change or revoke its parent's", async () => {
    const stage = await setStage();
    const [parent] = (await stage.broker.summary()).leases.filter(
      ({ kind }) => kind === "access-token",
    );
    const { env } = await delegate(stage.root);
    const { identity } = requests.access(stage.account);
    for (const verb of ["read", "delete"] as const) {
      const request = { verb, kind: "access-token", identity, id: parent?.id ?? "" } as const;
      const answer = await callBroker(request as BrokerRequest, env);
      expect(JSON.stringify(answer)).not.toContain("value");
    }
    expect(stage.bench.world.accessTokens.every(({ status }) => status === "active")).toBe(true);
  });
});

describe("promise 11: a sub-agent's session", () => {
  it("is held to its delegation, and to its parent's", async () => {
    const stage = await setStage();
    const reader = await delegate(stage.root, { verbs: ["read"] });
    expect(await mint(reader.env, stage.account)).toMatchObject({ code: "not_permitted" });
    const writer = await delegate(reader.env, { id: "writer", verbs: ["issue-token"] });
    expect(await mint(writer.env, stage.account)).toMatchObject({ code: "not_permitted" });
  });

  it("is shown no secret but its own token's", async () => {
    const stage = await setStage();
    const { env } = await delegate(stage.root);
    const answer = await callBroker(requests.secret() as BrokerRequest, env);
    expect(answer).toMatchObject({ code: "session_refused" });
  });

  it("stands at most five deep, and ends with its time", async () => {
    const stage = await setStage();
    let env: Environment = stage.root;
    for (let depth = 1; depth <= 5; depth++) env = (await delegate(env, { id: `s${depth}` })).env;
    expect(await mint(env, stage.account)).toMatchObject({ ok: true });
    expect(await delegateSession({ id: "s6", ttlSeconds: 60 }, env)).toMatchObject({
      code: "session_refused",
    });
    stage.bench.clock.advance(600_000);
    expect(await mint(env, stage.account)).toMatchObject({ code: "session_refused" });
  });

  it("needs a name, a time and lists of known words", async () => {
    const { root } = await setStage();
    const wrong: readonly unknown[] = [
      { id: "" },
      { id: "a/b" },
      { ttlSeconds: 0 },
      { ttlSeconds: 1.5 },
      { verbs: ["rule"] },
      { kinds: "database" },
      { resources: [1] },
    ];
    for (const overrides of wrong) {
      const request = { id: "helper", ttlSeconds: 60, ...(overrides as object) };
      expect(await delegateSession(request, root)).toMatchObject({ code: "bad_request" });
    }
  });
});
