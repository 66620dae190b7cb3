import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { listDoubts } from "../../src/broker/doubts/list-doubts.ts";
import type { Claim } from "../../src/broker/doubts/settle-doubt.ts";
import { checkBooks } from "../../src/broker/ledger/check-books.ts";
import { openPlace } from "../../src/broker/ledger/open-place.ts";
import { readRawBooks } from "../../src/broker/ledger/read-raw-books.ts";
import { readHome } from "../../src/broker/read-home.ts";
import { readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import {
  type Bench,
  createBench,
  dollars,
  grant,
  LIMITS,
  refuse,
  requests,
  setUp,
} from "./fakes/bench.ts";
import { serveWorld } from "./fakes/remote-world.ts";

const HOUR = 3_600_000;

const doubtsOf = async ({ home, clock }: Bench) =>
  (await readHome({ home }, LIMITS, listDoubts, clock)) ?? [];

async function settle(bench: Bench, broker: Broker, kind: Claim["kind"], amount?: bigint) {
  const [doubt] = await doubtsOf(bench);
  let asked = 0;
  const settled = await broker.settleDoubt(doubt?.act ?? "", {
    kind,
    amount: amount === undefined ? undefined : dollars(amount),
    confirm: async () => {
      asked += 1;
      return true;
    },
  });
  return { settled, asked };
}

/** What is asked of every state of the books: they add up, and the log is what was written. */
async function expectSound({ home }: Bench): Promise<void> {
  const store = await openPlace({ home }, "reader");
  if (typeof store === "string") throw new Error(store);
  expect(checkBooks(await readRawBooks(store))).toEqual([]);
  await store.close();
  expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
}

const total = async (broker: Broker) => {
  const { caps, counts } = await broker.summary();
  const line = caps.find(({ cap }) => cap === "total/2026-11");
  const domains = counts.find(({ count }) => count === "domains")?.used;
  return { spent: line?.spent, held: line?.held, domains };
};

/** A purchase that was sent and has no answer. */
async function prepare(kind: "domain" | "service", fate: "lost" | "dropped") {
  const bench = createBench();
  const broker = await bench.open();
  const { account, payment } = await setUp(broker);
  const request =
    kind === "domain" ? requests.domain(account, payment) : requests.service(account, payment);
  const method = kind === "domain" ? "registerDomain" : "createResource";
  bench.world.fates.set(method, [fate, fate]);
  expect(await refuse(broker, request)).toBe("outcome_unknown");
  const { clock, world } = bench;
  const sent = () => world.calls.get(method);
  const blind = () => world.fates.set("readDomain", Array(30).fill("dropped"));
  return { bench, broker, account, payment, request, clock, world, sent, blind };
}

describe("an act without an answer", () => {
  it("is listed with what is held, how often it was sent, and what to look for", async () => {
    const { bench } = await prepare("domain", "lost");
    expect(await doubtsOf(bench)).toMatchObject([
      {
        ...{ verb: "create", kind: "domain", object: "example-shop.com", provider: "cloudflare" },
        ...{ held: "10.44 USD", waiting: "unknown", attempts: 1 },
        since: "2026-11-10T12:00:00.000Z",
        lookFor: expect.stringContaining("example-shop.com"),
      },
    ]);
  });

  it("that a person says has happened is captured at what was charged, and never sent again", async () => {
    const { bench, broker, request, sent, blind, world } = await prepare("domain", "dropped");
    blind();
    const before = sent();
    const { settled, asked } = await settle(bench, broker, "happened", 1_000n);
    expect([settled, asked]).toMatchObject([
      { outcome: "happened", by: "person", captured: "10.00 USD", released: "0.44 USD" },
      1,
    ]);
    expect(await total(broker)).toEqual({ spent: "10.00 USD", held: "0.00 USD", domains: 1 });
    expect(readLog(bench.home).at(-1)).toMatchObject({
      ...{ name: "settled-as-happened", amount: "10.00 USD", code: "word_of_a_person" },
    });
    // It is not there, whatever was said: it is missed, and not bought a second time.
    world.fates.clear();
    expect(await refuse(broker, request)).toBe("domain_lost");
    expect(await refuse(await bench.open(), request)).toBe("domain_lost");
    expect([sent(), await doubtsOf(bench)]).toEqual([before, []]);
    await expectSound(bench);
  });

  it("that the provider shows is captured at its price, whatever the person says", async () => {
    const { bench, broker, request, sent, clock } = await prepare("domain", "lost");
    clock.advance(HOUR);
    const { settled, asked } = await settle(bench, broker, "never-happened");
    expect([settled, asked]).toMatchObject([
      { outcome: "happened", by: "provider", captured: "10.44 USD" },
      0,
    ]);
    const { outputs } = await grant(broker, request);
    expect(outputs).toMatchObject({ zoneId: "zone-example-shop.com", pricePaid: "10.44 USD" });
    expect(sent()).toBe(1);
    expect(await total(broker)).toEqual({ spent: "10.44 USD", held: "0.00 USD", domains: 1 });
    await expectSound(bench);
  });

  it("that the provider does not have, and could have, never happened, whatever the person says", async () => {
    const { bench, broker, clock } = await prepare("domain", "dropped");
    clock.advance(HOUR);
    const { settled } = await settle(bench, broker, "happened");
    expect(settled).toMatchObject({
      ...{ outcome: "never-happened", by: "provider", captured: undefined },
      released: "10.44 USD",
    });
    expect(await total(broker)).toEqual({ spent: "0.00 USD", held: "0.00 USD", domains: 0 });
    await expectSound(bench);
  });

  it("that never happened by a person's word gives its money back, not before it could have arrived", async () => {
    const { bench, broker, request, blind, clock, sent, world } = await prepare(
      "domain",
      "dropped",
    );
    blind();
    expect((await settle(bench, broker, "never-happened")).settled).toEqual({
      ...{ kind: "too-early", until: "2026-11-10T12:10:00.000Z" },
    });
    clock.advance(HOUR);
    expect((await settle(bench, broker, "never-happened")).settled).toMatchObject({
      ...{ outcome: "never-happened", by: "person", released: "10.44 USD" },
    });
    expect(await total(broker)).toEqual({ spent: "0.00 USD", held: "0.00 USD", domains: 0 });
    world.fates.clear();
    const [first, again] = [sent(), readLog(bench.home).length];
    await grant(broker, request);
    // Another act, under another key.
    const keys = readLog(bench.home)
      .slice(again)
      .map(({ intent }) => intent);
    const settledKey = readLog(bench.home).find(({ name }) => name === "settled-as-never-happened");
    expect(keys).not.toContain(settledKey?.intent);
    expect(sent()).toBe((first ?? 0) + 1);
    await expectSound(bench);
  });

  it("that was sent again a moment ago may still arrive, however long ago it was sent first", async () => {
    const { bench, broker, request, clock, world } = await prepare("domain", "dropped");
    clock.advance(HOUR);
    world.fates.set("registerDomain", ["dropped", "dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    // The name is not there yet and could still be had, as it would be if the last attempt were on its way.
    const { settled } = await settle(bench, broker, "never-happened");
    expect(settled).toMatchObject({ kind: "too-early" });
    expect(await total(broker)).toEqual({ spent: "0.00 USD", held: "10.44 USD", domains: 1 });
    clock.advance(HOUR);
    expect((await settle(bench, broker, "never-happened")).settled).toMatchObject({
      ...{ outcome: "never-happened", by: "provider", released: "10.44 USD" },
    });
    await expectSound(bench);
  });

  it("captures never more than is held, and nothing at all without a person", async () => {
    const { bench, broker, blind } = await prepare("domain", "dropped");
    blind();
    expect((await settle(bench, broker, "happened", 1_045n)).settled).toEqual({
      ...{ kind: "above-hold", held: "10.44 USD" },
    });
    const [doubt] = await doubtsOf(bench);
    const silent = { kind: "happened", confirm: async () => false } as const;
    expect(await broker.settleDoubt(doubt?.act ?? "", silent)).toEqual({ kind: "unconfirmed" });
    expect(await total(broker)).toEqual({ spent: "0.00 USD", held: "10.44 USD", domains: 1 });
  });

  it("is settled by nobody whom the permission matrix does not permit", async () => {
    const { bench, blind } = await prepare("domain", "dropped");
    const agent = await bench.open({ permits: (verb) => verb !== "settle" });
    blind();
    expect((await settle(bench, agent, "happened")).settled).toMatchObject({
      code: "not_permitted",
    });
    expect(await total(agent)).toMatchObject({ held: "10.44 USD" });
  });

  it("that the provider charged more for than was held freezes it", async () => {
    const { bench, broker, world } = await prepare("domain", "lost");
    const [bought] = world.domains;
    world.domains.splice(0, 1, { ...bought, price: 1_045n } as never);
    expect((await settle(bench, broker, "happened")).settled).toMatchObject({
      ...{ by: "provider", captured: "10.44 USD" },
    });
    const { frozen } = await broker.summary();
    expect(frozen).toMatchObject([{ scope: "cloudflare", reason: "charged_above_hold" }]);
  });

  it("that is pending at the provider is nobody's to settle", async () => {
    const { bench, broker, world } = await prepare("domain", "lost");
    const [bought] = world.domains;
    if (bought !== undefined) bought.looks = 99;
    expect((await settle(bench, broker, "happened")).settled).toEqual({ kind: "under-way" });
    expect(await total(broker)).toMatchObject({ held: "10.44 USD" });
  });
});

describe("a service without an answer", () => {
  it("that the provider has accepted and is not done with is nobody's to settle", async () => {
    const bench = createBench();
    const broker = await bench.open();
    const { account, payment } = await setUp(broker);
    bench.world.fates.set("createResource", ["pending"]);
    bench.world.pendingLooks = 99;
    const request = requests.service(account, payment);
    expect(await refuse(broker, request)).toBe("still_pending");
    bench.clock.advance(HOUR);
    for (const kind of ["never-happened", "happened"] as const)
      expect(await settle(bench, broker, kind)).toEqual({
        settled: { kind: "under-way" },
        asked: 0,
      });
    expect(await total(broker)).toMatchObject({ held: "5.00 USD" });
  });

  it("that happened by a person's word is never bought again before a person says that it is gone", async () => {
    const { bench, broker, request, sent } = await prepare("service", "dropped");
    const before = sent();
    expect((await settle(bench, broker, "happened")).settled).toMatchObject({
      ...{ by: "person", captured: "5.00 USD" },
    });
    expect(await refuse(broker, request)).toBe("settled_by_hand");
    expect([sent(), await total(broker)]).toMatchObject([before, { spent: "5.00 USD" }]);
    const [{ id } = { id: "" }] = (await broker.leases()).filter(
      ({ kind }) => kind === "service-instance",
    );
    for (const verb of ["read", "delete"] as const) {
      const asked = { verb, kind: "service-instance", identity: request.identity, id } as const;
      expect(await refuse(broker, asked)).toBe("settled_by_hand");
    }
    // What is due again stays promised as long as it is there.
    const promised = async () =>
      (await broker.summary()).caps.find(({ cap }) => cap === "commitments")?.spent;
    expect(await promised()).toBe("60.00 USD");
    expect(await doubtsOf(bench)).toMatchObject([{ waiting: "settled" }]);
    expect((await settle(bench, broker, "ended")).settled).toMatchObject({ outcome: "ended" });
    expect([await promised(), await doubtsOf(bench)]).toEqual(["0.00 USD", []]);
    await grant(broker, request);
    await expectSound(bench);
  });
});

it("a renewal that was turned on without an answer, and off again, is listed and counts until it is settled", async () => {
  const bench = createBench();
  const broker = await bench.open();
  const { account, payment } = await setUp(broker);
  const bought = await grant(broker, requests.domain(account, payment));
  bench.world.fates.set("setAutoRenew", ["dropped"]);
  const request = (autoRenew: boolean) => requests.domain(account, payment, { autoRenew });
  expect(await refuse(broker, request(true))).toBe("outcome_unknown");
  await grant(broker, request(false));
  expect(await doubtsOf(bench)).toMatchObject([
    { verb: "update", kind: "domain", lookFor: expect.stringContaining("renews") },
  ]);
  const renewing = async () =>
    readHome({ home: bench.home }, LIMITS, (ledger) => ledger.forecast(), bench.clock);
  expect(await renewing()).not.toEqual([]);
  bench.clock.advance(HOUR);
  expect((await settle(bench, broker, "never-happened")).settled).toMatchObject({ by: "person" });
  expect([await renewing(), await doubtsOf(bench)]).toEqual([[], []]);
  expect(bought.outputs.domain).toBe("example-shop.com");
  await expectSound(bench);
});

const VICTIM = fileURLToPath(new URL("./fakes/settle-victim.ts", import.meta.url));

it.each([
  ["before store", 1],
  ["after store", 0],
  ["before export", 0],
  ["after export", 0],
  ["before settle", 0],
  ["after settle", 0],
] as const)(
  "promise 3: a settlement killed %s leaves what the next run finishes",
  async (moment, open) => {
    const { bench, request, blind, clock, world, sent } = await prepare("domain", "dropped");
    blind();
    const { url, close } = await serveWorld(world);
    onTestFinished(close);
    const fatal = `${moment} of create domain address`;
    const args = ["--no-warnings", VICTIM, bench.home, url, String(clock.now()), fatal];
    const signal = await new Promise((resolve) => {
      spawn(process.execPath, args, { stdio: "inherit" }).on("exit", (_, by) => resolve(by));
    });
    expect(signal).toBe("SIGKILL");
    const before = sent();
    const broker = await bench.open();
    expect(await broker.beginRun("run-2")).toBeUndefined();
    expect(await doubtsOf(bench)).toHaveLength(open);
    expect(await total(broker)).toEqual(
      open === 1
        ? { spent: "0.00 USD", held: "10.44 USD", domains: 1 }
        : { spent: "10.00 USD", held: "0.00 USD", domains: 1 },
    );
    if (open === 0) {
      world.fates.clear();
      expect(await refuse(broker, request)).toBe("domain_lost");
      expect(sent()).toBe(before);
      const names = readLog(bench.home).map(({ name }) => name);
      expect(names.filter((name) => name === "settled-as-happened")).toHaveLength(1);
    }
    await expectSound(bench);
  },
);
