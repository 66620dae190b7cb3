import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import type { Permits } from "../../src/broker/context.ts";
import { describeStep, type Step } from "../../src/broker/steps.ts";
import { readLog } from "../../src/log/read-log.ts";
import {
  type Bench,
  createBench,
  createBenchAt,
  grant,
  isFailure,
  makeHome,
  refuse,
  requests,
} from "./fakes/bench.ts";
import { createWorld, type Fate, type World } from "./fakes/world.ts";

/** Two orchestrators at one provider, whose books are `world.accounts`. */
function createPair(): Bench & { readonly other: World; openPair(): Promise<Broker> } {
  const bench = createBench();
  const { world, clock } = bench;
  const other = createWorld({ now: () => clock.now(), orchestrator: "self", besides: world });
  const orchestrators = { cloudflare: [world.orchestrator, other.orchestrator] };
  return { ...bench, other, openPair: () => bench.open({ orchestrators }) };
}

const request = requests.account({ orchestrators: ["stripe", "self"] });

async function expectOneAccount({ world }: Bench, broker: Broker): Promise<void> {
  expect(world.accounts).toHaveLength(1);
  expect((await broker.summary()).counts).toContainEqual({ count: "accounts", used: 1, limit: 5 });
}

/** An orchestrator's `dropRequest` that only takes note. */
function noteDropped(dropped: string[]) {
  return async (requestId: string) => {
    dropped.push(requestId);
    return { kind: "ended" } as const;
  };
}

describe("when an orchestrator falls silent in the middle of an account request", () => {
  it("another one opens the account that the provider says exists, and makes none", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    pair.world.fates.set("requestAccount", ["lost", "dropped"]);
    const { outputs } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("self");
    expect(pair.other.calls.get("requestAccount")).toBeUndefined();
    await expectOneAccount(pair, broker);
    expect((await broker.summary()).open).toEqual([]);
    // The stack goes on with it.
    await grant(broker, requests.access(outputs.accountId));
    expect((await grant(broker, request)).outputs.accountId).toBe(outputs.accountId);
  });

  it("the act stays unknown when the provider knows no account: the first request may still arrive", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    pair.world.fates.set("requestAccount", ["dropped", "dropped", "dropped", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(pair.world.accounts).toHaveLength(0);
    expect(pair.other.calls.get("requestAccount")).toBeUndefined();
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    await expectOneAccount(pair, broker);
  });

  it("the first one is asked again before any other", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    pair.world.fates.set("requestAccount", ["lost", "dropped"]);
    pair.other.fates.set("linkAccount", ["dropped", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    const looks = pair.other.calls.get("linkAccount");
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    expect(pair.other.calls.get("linkAccount")).toBe(looks);
    expect((await broker.summary()).open).toEqual([]);
    await expectOneAccount(pair, broker);
  });

  it("promise 12: what the silent one keeps of the request is given back", async () => {
    const pair = createPair();
    const dropped: string[] = [];
    const source = { ...pair.world.orchestrator, dropRequest: noteDropped(dropped) };
    const orchestrators = { cloudflare: [source, pair.other.orchestrator] };
    const broker = await pair.open({ orchestrators });
    pair.world.fates.set("requestAccount", ["lost", "dropped"]);
    expect((await grant(broker, request)).outputs.orchestrator).toBe("self");
    expect(dropped).toEqual([expect.stringMatching(/^areq_/)]);
  });

  it("promise 12: what another one keeps of a link is given back when the first one answers", async () => {
    const pair = createPair();
    const dropped: string[] = [];
    const other = { ...pair.other.orchestrator, dropRequest: noteDropped(dropped) };
    const orchestrators = { cloudflare: [pair.world.orchestrator, other] };
    const broker = await pair.open({ orchestrators });
    pair.world.fates.set("requestAccount", ["lost", "dropped"]);
    pair.other.fates.set("linkAccount", ["dropped", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(dropped).toEqual([]);
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    expect(dropped).toEqual([expect.stringMatching(/^areq_/)]);
  });

  it("a person's consent may be needed, and the link's refusal leaves the outcome unknown", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    pair.world.fates.set("requestAccount", ["lost", "dropped", "dropped", "dropped"]);
    pair.other.fates.set("linkAccount", ["refused"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect((await grant(broker, request)).outputs.orchestrator).toBe("self");
    await expectOneAccount(pair, broker);
  });

  it.each(["at once", "in a later run"])(
    "promise 3: a consent that is asked for %s, and ends, lets nobody make another account",
    async (when) => {
      const pair = createPair();
      const { world, other, clock } = pair;
      const { orchestrator } = world;
      // The provider has forgotten the request: it asks for a consent where it made an account.
      const forgetful: typeof orchestrator = {
        ...orchestrator,
        requestAccount: (request) =>
          orchestrator.requestAccount(
            world.accounts.length === 0 ? request : { ...request, requestId: "areq_new" },
          ),
      };
      const orchestrators = { cloudflare: [forgetful, other.orchestrator] };
      world.fates.set("requestAccount", when === "at once" ? ["lost"] : ["lost", "dropped"]);
      other.fates.set("linkAccount", Array(8).fill("dropped"));
      const first = await (await pair.open({ orchestrators })).handle(request);
      const second = await (await pair.open({ orchestrators })).handle(request);
      expect([isFailure(first) && first.code, isFailure(second) && second.code]).toEqual(
        when === "at once"
          ? ["consent_required", "consent_required"]
          : ["outcome_unknown", "consent_required"],
      );
      clock.advance(25 * 3_600_000);
      const broker = await pair.open({ orchestrators });
      other.fates.delete("linkAccount");
      const answer = await broker.handle(request);
      expect(other.calls.get("requestAccount")).toBeUndefined();
      expect(answer).toMatchObject({ ok: true, outputs: { accountId: world.accounts[0]?.id } });
      await expectOneAccount(pair, broker);
    },
  );

  it("an orchestrator that opens no existing accounts is not asked", async () => {
    const pair = createPair();
    const { other, world } = pair;
    const blind = {
      ...other.orchestrator,
      capabilities: { ...other.orchestrator.capabilities, links: false },
    };
    const broker = await pair.open({
      orchestrators: { cloudflare: [world.orchestrator, blind] },
    });
    world.fates.set("requestAccount", ["lost", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(other.calls.get("linkAccount")).toBeUndefined();
  });

  const fates: readonly (Fate | undefined)[] = [
    undefined,
    "lost",
    "dropped",
    "refused",
    "unreachable",
  ];

  /** Asks until there is an account, with a new process each time, the first of which may die; then compares with the provider's own books. */
  async function live(
    met: { readonly first?: Fate | undefined; second?: Fate | undefined; link?: Fate | undefined },
    dies: (step: Step) => boolean = () => false,
  ): Promise<readonly string[]> {
    const home = makeHome();
    const bench = createBenchAt(home);
    const other = createWorld({
      now: () => bench.clock.now(),
      orchestrator: "self",
      besides: bench.world,
    });
    bench.world.fates.set("requestAccount", [met.first, met.second]);
    other.fates.set("linkAccount", [met.link, met.link]);
    const steps: string[] = [];
    let isDead = false;
    const observe = async (step: Step): Promise<void> => {
      steps.push(describeStep(step));
      if (isDead || !dies(step)) return;
      isDead = true;
      throw new Error("killed");
    };
    const open = () =>
      bench.open({
        orchestrators: { cloudflare: [bench.world.orchestrator, other.orchestrator] },
        observer: { observe },
      });
    for (let life = 0; life < 4; life++) {
      const broker = await open();
      await broker.handle(request).catch(() => undefined);
      await broker.close();
    }
    const broker = await open();
    const answer = await broker.handle(request);
    expect(bench.world.accounts).toHaveLength(1);
    // An orchestrator that refuses what it has done before is believed; the next request then needs a person.
    if (isFailure(answer))
      expect([answer.code, met.second]).toEqual(["consent_required", "refused"]);
    else expect(answer).toMatchObject({ outputs: { accountId: bench.world.accounts[0]?.id } });
    const { counts, open: unfinished } = await broker.summary();
    expect(counts).toContainEqual({ count: "accounts", used: 1, limit: 5 });
    if (answer.ok) expect(unfinished).toEqual([]);
    await broker.close();
    rmSync(home, { recursive: true, force: true });
    return steps;
  }

  it("makes at most one account whatever both meet", async () => {
    for (const first of fates)
      for (const second of [undefined, "dropped", "refused"] as const)
        for (const link of [undefined, "lost", "refused"] as const)
          await live({ first, second, link });
  });

  it("promise 3: makes at most one account wherever the process dies between two orchestrators", async () => {
    const met = { first: "lost", second: "dropped" } as const;
    const steps = new Set(await live(met));
    expect(steps.size).toBeGreaterThan(15);
    for (const name of steps) await live(met, (step) => describeStep(step) === name);
  });
});

describe("moving an account to another orchestrator", () => {
  it("keeps account and rights, ends the old session, and is logged", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    const { outputs, id } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("stripe");
    const access = await grant(broker, requests.access(outputs.accountId));
    expect(await broker.moveAccount(id, "self")).toMatchObject({
      ok: true,
      from: "stripe",
      to: "self",
      oldSession: "ended",
    });
    expect(pair.world.calls.get("endSession")).toBe(1);
    const again = await grant(broker, request);
    expect(again.outputs).toMatchObject({ accountId: outputs.accountId, orchestrator: "self" });
    expect((await grant(broker, requests.access(outputs.accountId))).id).toBe(access.id);
    await expectOneAccount(pair, broker);
    expect(await broker.moveAccount(id, "self")).toMatchObject({ code: "account_not_movable" });
  });

  it("promise 9: is nothing that happens where the matrix does not permit it: the session goes on, nobody is asked", async () => {
    const pair = createPair();
    const orchestrators = { cloudflare: [pair.world.orchestrator, pair.other.orchestrator] };
    const { id, outputs } = await grant(await pair.openPair(), request);
    const asked: unknown[] = [];
    const permits: Permits = (...question) => {
      asked.push(question);
      return false;
    };
    const stranger = await pair.open({ orchestrators, permits });
    expect(await stranger.moveAccount(id, "self")).toMatchObject({
      code: "not_permitted",
    });
    const { resource } = request.identity;
    expect(asked).toEqual([["move", "account", { resource, provider: "cloudflare" }]]);
    expect(pair.world.calls.get("endSession")).toBeUndefined();
    expect(pair.other.calls.get("requestAccount")).toBeUndefined();
    const broker = await pair.open({ orchestrators, permits: (verb) => verb !== "move" });
    expect((await grant(broker, request)).outputs).toMatchObject({ orchestrator: "stripe" });
    await grant(broker, requests.access(outputs.accountId));
  });

  it("promise 3: moves no account whose services the other one would not find, and so buy again", async () => {
    const pair = createPair();
    const { world, other } = pair;
    const strange = { ...other.orchestrator, hasOwnIds: true as const };
    const broker = await pair.open({
      orchestrators: { cloudflare: [world.orchestrator, strange] },
    });
    const { id, outputs } = await grant(broker, request);
    const payment = await grant(broker, requests.payment(outputs.accountId));
    const service = requests.service(outputs.accountId, payment.id);
    const bought = await grant(broker, service);
    expect(await broker.moveAccount(id, "self")).toMatchObject({ code: "services_not_movable" });
    expect(other.calls.get("requestAccount")).toBeUndefined();
    expect((await grant(broker, service)).id).toBe(bought.id);
  });

  it("promise 12: says that a session was not rotated where its credential stays the same", async () => {
    const { world, open } = createBench();
    const { orchestrator } = world;
    let first: Awaited<ReturnType<typeof orchestrator.requestAccount>> | undefined;
    const same = {
      ...orchestrator,
      refresh: async () => first as NonNullable<typeof first>,
      requestAccount: async (...asked: Parameters<typeof orchestrator.requestAccount>) => {
        first ??= await orchestrator.requestAccount(...asked);
        return first;
      },
    };
    const broker = await open({ orchestrators: { cloudflare: [same] } });
    const { id } = await grant(broker, request);
    expect(await broker.rotate(id)).toMatchObject({
      rotated: [],
      failed: [{ failure: { code: "session_not_rotated" } }],
    });
  });

  it("lists the old session until its end is confirmed", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    const { id } = await grant(broker, request);
    pair.world.fates.set("endSession", ["dropped"]);
    expect(await broker.moveAccount(id, "self")).toMatchObject({ oldSession: "unconfirmed" });
    expect((await broker.summary()).unrevoked).toEqual([{ lease: id, kind: "session" }]);
    await broker.beginRun("next");
    expect((await broker.summary()).unrevoked).toEqual([]);
  });

  it.each<true | undefined>([true, undefined])(
    "promise 12: ends no session that is in use again when the account is back (every session ends at once: %s)",
    async (endsEverySession) => {
      const pair = createPair();
      const { world, other } = pair;
      const source = { ...world.orchestrator, endsEverySession };
      const orchestrators = { cloudflare: [source, other.orchestrator] };
      const broker = await pair.open({ orchestrators });
      const { id, outputs } = await grant(broker, request);
      world.fates.set("endSession", ["dropped", "dropped", "dropped"]);
      expect(await broker.moveAccount(id, "self")).toMatchObject({ oldSession: "unconfirmed" });
      expect(await broker.moveAccount(id, "stripe")).toMatchObject({ ok: true, to: "stripe" });
      const asked = world.calls.get("endSession");
      world.fates.delete("endSession");
      await broker.beginRun("next");
      // A session of its own may still end; the one in use does not.
      expect(world.calls.get("endSession")).toBe(endsEverySession ? 1 : (asked ?? 0) + 1);
      expect((await broker.summary()).unrevoked).toEqual([]);
      await grant(broker, requests.access(outputs.accountId));
      const names = readLog(pair.home).map(({ name }) => name);
      expect(names.includes("session-kept")).toBe(endsEverySession === true);
    },
  );

  it("promise 12: an account is not revoked before its orchestrator has forgotten the sign-in", async () => {
    const pair = createPair();
    const asked: string[] = [];
    const source = {
      ...pair.world.orchestrator,
      endSignIn: async (email: string) => {
        asked.push(email);
        return asked.length > 1
          ? ({ kind: "ended" } as const)
          : ({ kind: "unknown", code: "not_confirmed" } as const);
      },
    };
    const broker = await pair.open({ orchestrators: { cloudflare: [source] } });
    const { id } = await grant(broker, request);
    const state = async () => (await broker.leases()).find((one) => one.id === id)?.state;
    await broker.revoke(id);
    expect(await state()).toBe("revoking");
    await broker.beginRun("next");
    expect([await state(), asked]).toEqual([
      "revoked",
      [request.inputs.principal, request.inputs.principal],
    ]);
  });

  it("promise 12: a session is not ended while nobody is connected who could end it", async () => {
    const pair = createPair();
    const { id } = await grant(await pair.openPair(), request);
    const blind = await pair.open({ orchestrators: {} });
    const report = await blind.revoke("shop/prod");
    if ("ok" in report) throw new Error(report.code);
    expect(report.unconfirmed.map(({ node, code }) => `${node.kind} ${code}`)).toEqual([
      "session not_revoked",
      "account not_revoked",
    ]);
    const state = async (broker: Broker) =>
      (await broker.leases()).find((one) => one.id === id)?.state;
    await blind.beginRun("still alone");
    expect(await state(blind)).toBe("revoking");
    const broker = await pair.openPair();
    await broker.beginRun("next");
    expect([await state(broker), pair.world.calls.get("endSession")]).toEqual(["revoked", 1]);
  });

  it("promise 12: an account that moves leaves a session on the list that nobody connected can end", async () => {
    const pair = createPair();
    const { id } = await grant(await pair.openPair(), request);
    const blind = await pair.open({ orchestrators: { cloudflare: [pair.other.orchestrator] } });
    expect(await blind.moveAccount(id, "self")).toMatchObject({ oldSession: "unconfirmed" });
    expect((await blind.summary()).unrevoked).toEqual([{ lease: id, kind: "session" }]);
    const broker = await pair.openPair();
    await broker.beginRun("next");
    expect((await broker.summary()).unrevoked).toEqual([]);
    expect(pair.world.calls.get("endSession")).toBe(1);
  });

  it("promise 12: a session that its orchestrator can't end is forgotten, whoever is connected", async () => {
    const pair = createPair();
    const { endSession: _, ...source } = pair.world.orchestrator;
    await grant(await pair.open({ orchestrators: { cloudflare: [source] } }), request);
    const blind = await pair.open({ orchestrators: {} });
    expect(await blind.revoke("shop/prod")).toMatchObject({ unconfirmed: [] });
  });

  it("refuses another account than the one in the ledger", async () => {
    const pair = createPair();
    const broker = await pair.openPair();
    const { id } = await grant(broker, request);
    const [own] = pair.world.accounts.splice(0, 1);
    if (own === undefined) throw new Error("no account");
    pair.world.accounts.push({ ...own, id: "acct_of_somebody" });
    expect(await broker.moveAccount(id, "self")).toMatchObject({ code: "account_mismatch" });
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
  });
});
