import { describe, expect, it } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { readLog } from "../../src/log/read-log.ts";
import { noteFigure } from "../promises/note-figure.ts";
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

const DAY = 86_400_000;
const kinds = ["domain", "service"] as const;
type Kind = (typeof kinds)[number];

/** What is bought, by whose answer it is seen that nobody can be reached, and what buys. */
const PURCHASES = {
  domain: { probe: "readDomain", buys: "registerDomain", held: "12.00 USD", spent: "10.44 USD" },
  service: { probe: "isHealthy", buys: "createResource", held: "5.00 USD", spent: "5.00 USD" },
} as const;

/** A world in which everything is there but the purchase, and an outage that lasts until it is ended. */
async function prepare(kind: Kind, bench: Bench = createBench()) {
  const broker = await bench.open();
  const { account, payment } = await setUp(broker);
  const request =
    kind === "domain" ? requests.domain(account, payment) : requests.service(account, payment);
  const { probe, buys } = PURCHASES[kind];
  const { world, clock } = bench;
  const count = () => ({
    sent: world.calls.get(buys) ?? 0,
    bought: kind === "domain" ? world.domains.length : world.resources.length,
  });
  // An account that can pay has a plan already.
  const before = count();
  return {
    ...{ bench, broker, account, payment, request, world, clock },
    down: () =>
      world.fates.set(
        probe,
        Array.from({ length: 50 }, () => "dropped" as const),
      ),
    up: () => world.fates.clear(),
    sent: () => count().sent - before.sent,
    bought: () => count().bought - before.bought,
    names: () => readLog(bench.home).map(({ name }) => name),
  };
}

const heldIn = async (broker: Broker): Promise<string | undefined> =>
  (await broker.summary()).caps.find(({ cap }) => cap === "total/2026-11")?.held;
/** Of the tests below: queued purchases that were bought once, and those that were never sent after their quote's end. */
const ends = { bought: 0, expired: 0 };

const spentIn = async (broker: Broker): Promise<string | undefined> =>
  (await broker.summary()).caps.find(({ cap }) => cap === "total/2026-11")?.spent;

describe.each(kinds)("promise 24: a %s that reaches nobody is queued", (kind) => {
  const { held, spent } = PURCHASES[kind];

  it("unsent, with its money held, and is bought once when somebody answers", async () => {
    const { broker, request, down, up, sent, bought, names } = await prepare(kind);
    down();
    expect(await refuse(broker, request)).toBe("purchase_queued");
    expect(await refuse(broker, request)).toBe("purchase_queued");
    expect([sent(), await heldIn(broker)]).toEqual([0, held]);
    const { open } = await broker.summary();
    expect(open).toMatchObject([{ waiting: "queued", held, until: "2026-11-11T12:00:00.000Z" }]);
    up();
    await grant(broker, request);
    await grant(broker, request);
    expect([bought(), await heldIn(broker), await spentIn(broker)]).toEqual([1, "0.00 USD", spent]);
    expect(names().filter((name) => name === "act-queued")).toHaveLength(1);
    expect((await broker.summary()).open).toEqual([]);
    ends.bought += 1;
  });

  it("and survives the broker that queued it, however that ends", async () => {
    const { bench, broker, request, down, up, bought } = await prepare(kind);
    down();
    await refuse(broker, request);
    // The first broker is never closed.
    const second = await bench.open();
    expect(await heldIn(second)).toBe(held);
    expect(await refuse(second, request)).toBe("purchase_queued");
    up();
    const third = await bench.open();
    await grant(third, request);
    expect(await refuse(second, request)).toBe("stale_writer");
    expect([bought(), await heldIn(third)]).toEqual([1, "0.00 USD"]);
    ends.bought += 1;
  });

  it("until its quote expires: then it is given back, is in the log, and is never sent", async () => {
    const { bench, broker, request, clock, down, up, sent, bought, names } = await prepare(kind);
    down();
    await refuse(broker, request);
    clock.advance(DAY - 1);
    expect(await heldIn(broker)).toBe(held);
    clock.advance(1);
    // Everybody answers again from here on: nothing but the quote's end keeps it from being sent.
    up();
    expect(await heldIn(broker)).toBe("0.00 USD");
    await broker.close();
    const second = await bench.open();
    expect([sent(), (await second.summary()).open]).toEqual([0, []]);
    const log = () => readLog(bench.home);
    const abandoned = log().findLast(({ name }) => name === "act-abandoned");
    expect(abandoned).toMatchObject({ code: "quote_expired" });
    expect(names().at(-1)).toBe("act-abandoned");
    // Asked for again it is another purchase, by a quote of its own.
    await grant(second, request);
    expect([sent(), bought(), await spentIn(second)]).toEqual([1, 1, spent]);
    const { intent } = abandoned ?? {};
    const later = log().filter(({ sequence }) => sequence > (abandoned?.sequence ?? 0));
    expect(later.filter((event) => event.intent !== undefined).length).toBeGreaterThan(0);
    expect(later.filter((event) => event.intent === intent)).toEqual([]);
    ends.expired += 1;
  });

  it("and goes with a freeze, after which nothing is sent", async () => {
    const { bench, broker, request, down, up, sent } = await prepare(kind);
    down();
    await refuse(broker, request);
    await broker.freeze("all", "by_hand");
    expect([await heldIn(broker), (await broker.summary()).open]).toEqual(["0.00 USD", []]);
    up();
    expect(await refuse(broker, request)).toBe("frozen");
    expect(sent()).toBe(0);
    expect(readLog(bench.home).find(({ name }) => name === "act-abandoned")?.code).toBe("frozen");
  });

  it("and fills the caps, so that nothing else can be bought with its money", async () => {
    const bench = createBench();
    const { request, down, account, payment } = await prepare(kind, bench);
    const limits = { ...LIMITS, perRun: dollars(kind === "domain" ? 1200 : 500) };
    const broker = await bench.open({ limits });
    await broker.beginRun("run-1");
    down();
    expect(await refuse(broker, request)).toBe("purchase_queued");
    const other =
      kind === "domain"
        ? requests.domain(account, payment, { domain: "other.com" }, "other")
        : requests.service(account, payment, {}, "other");
    expect(await refuse(broker, other)).toBe("cap_exceeded");
  });

  it("and another purchase of that name takes its place", async () => {
    const { bench, broker, account, payment, request, down, up } = await prepare(kind);
    down();
    await refuse(broker, request);
    up();
    const other =
      kind === "domain"
        ? requests.domain(account, payment, { domain: "other.com" })
        : requests.service(account, payment, { config: { size: "small" } });
    await grant(broker, other);
    const { code } = readLog(bench.home).find(({ name }) => name === "act-abandoned") ?? {};
    expect([code, await heldIn(broker)]).toEqual(["payload_changed", "0.00 USD"]);
  });
});

describe("promise 24: what was queued is bought at the price and under the rules of the day", () => {
  it("a domain above its maximum is given back", async () => {
    const { broker, request, world, down, up, sent } = await prepare("domain");
    down();
    await refuse(broker, request);
    up();
    world.price = 1201n;
    expect(await refuse(broker, request)).toBe("price_above_maximum");
    expect([sent(), await heldIn(broker)]).toEqual([0, "0.00 USD"]);
  });

  it("a domain takes over what is held for it, under caps that have room for one alone", async () => {
    const { bench, request, down, up, bought } = await prepare("domain");
    const broker = await bench.open({ limits: { ...LIMITS, total: dollars(1200) } });
    down();
    await refuse(broker, request);
    up();
    await grant(broker, request);
    const { code } = readLog(bench.home).find(({ name }) => name === "act-abandoned") ?? {};
    expect([code, bought(), await spentIn(broker)]).toEqual(["replaced", 1, "10.44 USD"]);
    ends.bought += 1;
  });

  it.each([1, 2])(
    "it has counted once: bought under a velocity of %i, it leaves the rest",
    async (acts) => {
      const { bench, account, payment, request, down, up, bought } = await prepare("domain");
      // What it took to get here has counted, and its time has passed.
      bench.clock.advance(DAY);
      const velocity = [{ scope: "total", acts, window: "24h" }] as const;
      const counts = { ...LIMITS.counts, domains: 3 };
      const broker = await bench.open({ limits: { ...LIMITS, counts, velocity } });
      down();
      expect(await refuse(broker, request)).toBe("purchase_queued");
      up();
      await grant(broker, request);
      expect(bought()).toBe(1);
      ends.bought += 1;
      const next = (name: string) =>
        requests.domain(account, payment, { domain: `${name}.com` }, name);
      if (acts === 2) await grant(broker, next("other"));
      expect(await refuse(broker, next("another"))).toBe("velocity_exceeded");
    },
  );

  it.each([
    ["tighter caps", "cap_exceeded", { total: dollars(1043) }],
    ["a lower count", "count_exceeded", { counts: { ...LIMITS.counts, domains: 0 } }],
    ["less for renewals", "cap_exceeded", { commitments: dollars(1043) }],
  ] as const)(
    "%s refuse it, which may pass: it keeps its place and its money, and goes out when it has",
    async (_, code, limits) => {
      const { bench, broker, request, down, up, sent, bought } = await prepare("domain");
      down();
      await refuse(broker, request);
      up();
      const tighter = await bench.open({ limits: { ...LIMITS, ...limits } });
      expect(await refuse(tighter, request)).toBe(code);
      expect([sent(), await heldIn(tighter)]).toEqual([0, "12.00 USD"]);
      expect((await tighter.summary()).open).toMatchObject([{ waiting: "queued" }]);
      const wider = await bench.open();
      await grant(wider, request);
      expect([bought(), await heldIn(wider), await spentIn(wider)]).toEqual([
        ...[1, "0.00 USD", "10.44 USD"],
      ]);
    },
  );

  it("a payment token that is gone refuses it, which may pass, but not beyond its quote's end", async () => {
    const { bench, broker, request, payment, clock, down, up, sent } = await prepare("domain");
    down();
    await refuse(broker, request);
    up();
    expect(await broker.revoke(payment)).not.toHaveProperty("ok", false);
    expect(await refuse(broker, request)).toBe("payment_token_missing");
    expect([sent(), await heldIn(broker)]).toEqual([0, "12.00 USD"]);
    clock.advance(DAY);
    expect([sent(), await heldIn(broker)]).toEqual([0, "0.00 USD"]);
    await broker.close();
    expect(readLog(bench.home).findLast(({ name }) => name === "act-abandoned")).toMatchObject({
      code: "quote_expired",
    });
  });

  it("another currency than the caps' ends it, with the reason", async () => {
    const { bench, broker, request, down, up, sent } = await prepare("domain");
    down();
    await refuse(broker, request);
    up();
    const euros = { currency: "EUR", minor: 10_000n };
    const other = await bench.open({ limits: { ...LIMITS, perProvider: euros } });
    expect(await refuse(other, request)).toBe("currency_mismatch");
    expect([sent(), (await other.summary()).open]).toEqual([0, []]);
    expect(readLog(bench.home).find(({ name }) => name === "act-abandoned")?.code).toBe(
      "currency_mismatch",
    );
  });

  it("somebody drops one of two: its money comes back, and it is never sent", async () => {
    const { bench, broker, account, payment, request, down, up, bought } = await prepare("domain");
    down();
    await refuse(broker, request);
    const other = requests.domain(account, payment, { domain: "other.com" }, "other");
    await refuse(broker, other);
    const { open } = await broker.summary();
    const { act = "" } = open.find(({ object }) => object === "example-shop.com") ?? {};
    expect([await broker.dropQueued(act), await broker.dropQueued(act)]).toEqual([true, false]);
    expect(await heldIn(broker)).toBe("12.00 USD");
    expect(readLog(bench.home).at(-1)).toMatchObject({ name: "act-abandoned", code: "dropped" });
    up();
    const later = await bench.open();
    await grant(later, other);
    expect([bought(), bench.world.domains.map(({ name }) => name)]).toEqual([1, ["other.com"]]);
    expect(await later.dropQueued(act)).toBe(false);
  });

  it.each(["dropped", "unreachable"] as const)(
    "a session that cannot be refreshed queues a purchase, too: %s",
    async (fate) => {
      const { broker, request, world, clock, up, sent, bought } = await prepare("service");
      clock.advance(3_600_001);
      for (const method of ["refresh", "requestAccount"]) world.fates.set(method, [fate, fate]);
      expect(await refuse(broker, request)).toBe("purchase_queued");
      expect(sent()).toBe(0);
      up();
      await grant(broker, request);
      expect(bought()).toBe(1);
      ends.bought += 1;
    },
  );

  it.each(kinds)("a policy that forbids it gives back what is queued: %s", async (kind) => {
    const { bench, broker, request, down, up, sent } = await prepare(kind);
    down();
    await refuse(broker, request);
    up();
    const stricter = await bench.open({ permits: (verb) => verb !== "create-paid" });
    expect(await refuse(stricter, request)).toBe("not_permitted");
    expect([sent(), (await stricter.summary()).open]).toEqual([0, []]);
    expect(readLog(bench.home).find(({ name }) => name === "act-abandoned")?.code).toBe(
      "not_permitted",
    );
  });

  it("what is free is not queued", async () => {
    const { bench, request, down, sent } = await prepare("service");
    const free = await bench.open({
      quoteService: () => ({ price: { kind: "free" }, categories: [] }),
    });
    down();
    await grant(free, request);
    expect(sent()).toBe(1);
  });
});

it("promise 24: all that was queued above was bought once or given back", ({ task }) => {
  const { bought, expired } = ends;
  expect(bought).toBeGreaterThan(0);
  expect(expired).toBeGreaterThan(0);
  noteFigure(
    task,
    `${bought} queued purchases bought once, 0 of ${expired} sent after their quote`,
  );
});
