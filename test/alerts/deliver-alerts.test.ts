import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { type AlertClock, deliverAlerts, findUntold } from "../../src/alerts/deliver-alerts.ts";
import { findAlerts } from "../../src/alerts/find-alerts.ts";
import type { Outbox } from "../../src/alerts/outbox.ts";
import type { AlertSink, SinkAnswer } from "../../src/alerts/sinks/sink.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { blockingAlert, capUse, NOW, RULES, reservation, testAlert } from "./arbitraries.ts";
import { openBookOutbox } from "./book-outbox.ts";
import { createMemoryOutbox, type FilledOutbox } from "./memory-outbox.ts";

const CAP = "provider/cloudflare/2026-11";
const ACCEPTED: SinkAnswer = { kind: "accepted" };

/** Time passes by sleeping alone. */
function createClock(): AlertClock & { pass(milliseconds: number): void } {
  let now = NOW;
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { now: () => now, sleep: async (milliseconds) => pass(milliseconds), pass };
}

/** What a sink does with one delivery. `silent` keeps the alert and loses the answer; `twice` gets it twice. */
const MOODS = ["accept", "twice", "slow", "silent", "refuse", "throw"] as const;
type Mood = (typeof MOODS)[number];

function createFakeSink(name: string, counts: boolean, mood: () => Mood) {
  const received: string[] = [];
  const sink: AlertSink = {
    name,
    counts,
    async deliver({ id }) {
      const now = mood();
      if (now === "throw") throw new Error("a sink broke its contract");
      if (now === "refuse") return { kind: "refused", code: "unreachable" };
      if (now === "slow") await new Promise((resolve) => setTimeout(resolve, 1));
      received.push(id, ...(now === "twice" ? [id] : []));
      return now === "silent" ? { kind: "unknown", code: "timeout" } : ACCEPTED;
    },
  };
  return { sink, received, kept: () => [...new Set(received)].sort() };
}

describe("promise 7: nothing is dispatched past 90 % before a sink has accepted the alert", () => {
  const open = (sinks: readonly AlertSink[]) => {
    const outbox = createMemoryOutbox();
    outbox.insert(blockingAlert(CAP));
    return { outbox, sinks, clock: createClock() };
  };

  test.each(MOODS)("one sink that will %s decides it", async (mood) => {
    const fake = createFakeSink("a", true, () => mood);
    const untold = await findUntold(open([fake.sink]), [CAP]);
    expect(untold.length === 0).toBe(["accept", "twice", "slow"].includes(mood));
  });

  test("no sink at all, and one whose word does not count, are no acceptance", async () => {
    expect(await findUntold(open([]), [CAP])).toHaveLength(1);
    const fake = createFakeSink("log", false, () => "accept");
    expect(await findUntold(open([fake.sink]), [CAP])).toEqual([
      { id: blockingAlert(CAP).id, cap: CAP, answers: { log: ACCEPTED } },
    ]);
    expect(fake.kept()).toEqual([blockingAlert(CAP).id]);
  });

  test("one of several is enough, and the others get it later", async () => {
    let mood: Mood = "refuse";
    const late = createFakeSink("late", true, () => mood);
    const good = createFakeSink("good", true, () => "accept");
    const delivery = open([late.sink, good.sink]);
    expect(await findUntold(delivery, [CAP])).toEqual([]);
    mood = "accept";
    delivery.clock.pass(10_000);
    expect(await deliverAlerts(delivery)).toBe(0);
    expect(late.kept()).toEqual(good.kept());
    expect(await delivery.outbox.pending()).toEqual([]);
  });

  test("what stands under another cap waits for nothing", async () => {
    const broken = createFakeSink("a", true, () => "refuse");
    expect(await findUntold(open([broken.sink]), ["provider/neon/2026-11"])).toEqual([]);
    expect(broken.received).toEqual([]);
  });

  test("a sink that was down for a moment is asked again within seconds, whatever its usual wait", async () => {
    const moods: Mood[] = ["refuse", "refuse"];
    const fake = createFakeSink("a", true, () => moods.shift() ?? "accept");
    const delivery = open([fake.sink]);
    await deliverAlerts(delivery);
    expect(await findUntold(delivery, [CAP])).toEqual([]);
    expect(delivery.clock.now() - NOW).toBe(1_000);
  });

  test("the log's acceptance counts once the guardrails say so", async () => {
    const weak = createFakeSink("log", false, () => "accept");
    const delivery = open([weak.sink]);
    expect(await findUntold(delivery, [CAP])).toHaveLength(1);
    const strong = createFakeSink("log", true, () => "accept");
    expect(await findUntold({ ...delivery, sinks: [strong.sink] }, [CAP])).toEqual([]);
  });
});

describe("promise 7: alerts are delivered until they are told", () => {
  test("a sink that is down is tried with growing waits, and nothing is given up that nobody was told", async () => {
    const attempts: number[] = [];
    const clock = createClock();
    const sink: AlertSink = {
      name: "a",
      counts: true,
      deliver: async () => {
        attempts.push(clock.now() - NOW);
        return { kind: "refused", code: "unreachable" };
      },
    };
    const outbox = createMemoryOutbox();
    outbox.insert(testAlert("a"));
    for (let minute = 0; minute < 60 * 48; minute++) {
      expect(await deliverAlerts({ outbox, sinks: [sink], clock })).toBe(1);
      clock.pass(60_000);
    }
    const minutes = attempts.map((time) => time / 60_000);
    expect(minutes.slice(0, 6)).toEqual([0, 1, 2, 7, 37, 157]);
    expect(attempts.length).toBeGreaterThan(20);
    expect(await outbox.pending()).toHaveLength(1);
  });

  test("a dead sink is given up for an alert that another one took", async () => {
    const clock = createClock();
    const dead = createFakeSink("dead", true, () => "refuse");
    const good = createFakeSink("good", true, () => "accept");
    const outbox = createMemoryOutbox();
    outbox.insert(testAlert("a"));
    for (let i = 0; i < 12; i++) {
      expect(await outbox.pending()).toHaveLength(1);
      await deliverAlerts({ outbox, sinks: [dead.sink, good.sink], clock });
      clock.pass(7_200_000);
    }
    expect(await outbox.pending()).toEqual([]);
    expect(good.received).toHaveLength(1);
  });
});

/** The process died between two durable steps. */
class Crash extends Error {
  override readonly name = "Crash";
}

/** An outbox whose process dies before or after a write, when the dice say so. */
function crashing(outbox: FilledOutbox, dies: () => boolean): Outbox {
  const risk = async (write: () => Promise<void>): Promise<void> => {
    if (dies()) throw new Crash();
    await write();
    if (dies()) throw new Crash();
  };
  return {
    pending: () => outbox.pending(),
    blocking: (caps) => outbox.blocking(caps),
    markAttempt: (attempt) => risk(() => outbox.markAttempt(attempt)),
    markAccepted: (id, sink, accepted) => risk(() => outbox.markAccepted(id, sink, accepted)),
    finish: (id, at) => risk(() => outbox.finish(id, at)),
  };
}

/** One purchase. */
interface Act {
  readonly amount: bigint;
  readonly provider: string;
  /** Its money comes back in the end. */
  readonly released: boolean;
  /** The pending alerts are taken out before. */
  readonly sweeps: boolean;
  readonly waits: number;
}

interface Play {
  readonly acts: readonly Act[];
  readonly moods: Iterator<Mood>;
  readonly deaths: Iterator<number>;
}

const play: fc.Arbitrary<Play> = fc.record({
  acts: fc.array(
    fc.record({
      amount: fc.bigInt({ min: 1n, max: 4_000n }),
      provider: fc.constantFrom("cloudflare", "neon"),
      released: fc.constantFrom(true, false, false, false),
      sweeps: fc.boolean(),
      waits: fc.integer({ min: 0, max: 600_000 }),
    }),
    { minLength: 12, maxLength: 40 },
  ),
  // Mostly outages: with sinks that usually answer, three tries would almost always do.
  moods: fc.infiniteStream(fc.constantFrom(...MOODS, ...Array<Mood>(12).fill("refuse"))),
  deaths: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
});

/** Plays acts against two sinks of changing moods and a process that dies; answers what went wrong, and what was done. */
async function simulate(outbox: FilledOutbox, { acts, moods, deaths }: Play) {
  const clock = createClock();
  let isHealthy = false;
  const mood = (): Mood => (isHealthy ? "accept" : (moods.next().value ?? "accept"));
  const sinks = [createFakeSink("webhook a", true, mood), createFakeSink("mail b", true, mood)];
  const log = createFakeSink("log", false, mood);
  const fragile = crashing(outbox, () => !isHealthy && deaths.next().value === 0);
  const delivery = { outbox: fragile, sinks: [log, ...sinks].map(({ sink }) => sink), clock };
  const isTold = (id: string): boolean => sinks.some(({ received }) => received.includes(id));

  const committed = new Map<string, bigint>();
  const found = new Map<string, Alert>();
  const wrong: string[] = [];
  let dispatched = 0;
  let refused = 0;
  for (const { amount, provider, released, sweeps, waits } of acts) {
    clock.pass(waits);
    const caps = [`provider/${provider}/2026-11`, "total/2026-11"];
    const limit = (cap: string): bigint => (cap.startsWith("total") ? 15_000n : 10_000n);
    const after = (cap: string): bigint => (committed.get(cap) ?? 0n) + amount;
    if (caps.some((cap) => after(cap) > limit(cap))) continue;
    // The one append: holds and alerts.
    for (const cap of caps) committed.set(cap, after(cap));
    const uses = caps.map((cap) => capUse(committed.get(cap) ?? 0n, { cap, limit: limit(cap) }));
    const spend = { amount: { currency: "USD", minor: amount }, categories: ["compute"] };
    const subject = { provider };
    const alerts = findAlerts(reservation({ at: clock.now(), caps: uses, spend, subject }), RULES);
    for (const alert of alerts) {
      await outbox.insert(alert);
      if (!found.has(alert.id)) found.set(alert.id, alert);
    }
    try {
      if (sweeps) await deliverAlerts(delivery);
      if ((await findUntold(delivery, caps)).length > 0) refused += 1;
      else {
        dispatched += 1;
        for (const { cap, limit, committed } of uses)
          for (const alert of alerts)
            if (
              alert.kind === "threshold" &&
              alert.blocks &&
              alert.cap === cap &&
              !isTold(alert.id)
            )
              wrong.push(`${committed} of ${limit} under ${cap} dispatched before ${alert.id}`);
      }
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    if (released) for (const cap of caps) committed.set(cap, (committed.get(cap) ?? 0n) - amount);
  }
  isHealthy = true;
  for (let i = 0; i < 20 && (await outbox.pending()).length > 0; i++) {
    clock.pass(7_200_000);
    await deliverAlerts(delivery);
  }
  const all = [...found.keys()].sort();
  expect(await outbox.pending()).toEqual([]);
  // One sink may have been given up where the other had it; together they lack nothing, and know each alert by one id.
  expect([...new Set(sinks.flatMap(({ kept }) => kept()))].sort()).toEqual(all);
  return { wrong, dispatched, refused, alerts: all.length };
}

describe("promise 7: 0 dispatches past a threshold without its alert, 0 alerts lost, duplicates idempotent", () => {
  test.for([
    ["in memory", createMemoryOutbox, 400],
    ["in the ledger's rows", openBookOutbox, 100],
  ] as const)(
    "whatever sinks and processes do, outbox %s",
    async ([name, open, numRuns], { task }) => {
      const sums = { dispatched: 0, refused: 0, alerts: 0 };
      await fc.assert(
        fc.asyncProperty(play, async (played) => {
          const { wrong, ...counts } = await simulate(open(), played);
          expect(wrong).toEqual([]);
          for (const name of ["dispatched", "refused", "alerts"] as const)
            sums[name] += counts[name];
        }),
        { numRuns },
      );
      // The play is no play if nothing is ever refused or told in it.
      expect(Math.min(sums.dispatched, sums.refused, sums.alerts)).toBeGreaterThan(0);
      const { dispatched, alerts } = sums;
      noteFigure(
        task,
        `0 of ${dispatched} dispatches too early, 0 of ${alerts} alerts lost, ${name}`,
      );
    },
  );
});
