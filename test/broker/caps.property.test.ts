import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { checkBooks } from "../../src/broker/ledger/check-books.ts";
import { readRawBooks } from "../../src/broker/ledger/read-raw-books.ts";
import { openSqliteStore } from "../../src/broker/ledger/sqlite-store.ts";
import { STEP_NAMES } from "../../src/broker/steps.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { type Bench, createBenchAt, dollars, LIMITS, makeHome, requests } from "./fakes/bench.ts";
import type { Fate } from "./fakes/world.ts";

const DOMAINS = 5;
const SERVICES = 4;

type Op =
  | { readonly kind: "buy"; readonly n: number; readonly price: number; readonly fate: Fate | null }
  | { readonly kind: "service"; readonly n: number; readonly fate: Fate | null }
  | { readonly kind: "blind"; readonly looks: number }
  | { readonly kind: "crash"; readonly step: number; readonly after: boolean }
  | { readonly kind: "run" | "restart" | "freeze" | "unfreeze" }
  | { readonly kind: "wait"; readonly days: number };

const fate = fc.constantFrom<Fate | null>(null, null, null, "lost", "dropped", "refused");
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("buy" as const),
      n: fc.nat({ max: DOMAINS - 1 }),
      price: fc.noBias(fc.integer({ min: 100, max: 2600 })),
      fate,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("service" as const),
      n: fc.nat({ max: SERVICES - 1 }),
      fate,
    }),
  },
  fc.record({ kind: fc.constant("blind" as const), looks: fc.integer({ min: 1, max: 6 }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      step: fc.nat({ max: STEP_NAMES.length - 1 }),
      after: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constantFrom("run" as const, "restart" as const) }),
  fc.record({ kind: fc.constantFrom<"freeze" | "unfreeze">("freeze", "unfreeze", "unfreeze") }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 0, max: 20 }) }),
);

/** Wide enough that things are bought, narrow enough that every cap bites in some runs. */
const cents = (max: number) => fc.noBias(fc.integer({ min: 1000, max })).map(dollars);
const limits: fc.Arbitrary<Limits> = fc
  .record({
    perProvider: cents(9000),
    total: cents(9000),
    perRun: cents(9000),
    perTransaction: cents(3000),
    domains: cents(6000),
    count: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ domains, count, ...caps }) => ({
    ...LIMITS,
    ...caps,
    categories: { domains },
    counts: { domains: count, accounts: 1, tokens: 10 },
  }));

/** The price that an outcome depends on changes with every purchase, so the price of an open one can rise, too. */
async function apply(bench: Bench, run: Run, op: Op): Promise<void> {
  const { world, clock } = bench;
  const fated = (method: string, next: Fate | null): void => {
    world.fates.set(method, next === null ? [] : [next, next]);
  };
  switch (op.kind) {
    case "buy": {
      world.price = BigInt(op.price);
      fated("registerDomain", op.fate);
      const { account, payment } = await ensure(run);
      const overrides = { domain: `shop-${op.n}.com`, maxPrice: "25.00 USD" };
      if (account !== "" && payment !== "")
        await run.send(requests.domain(account, payment, overrides, `d${op.n}`));
      return;
    }
    case "service": {
      fated("createResource", op.fate);
      const { account, payment } = await ensure(run);
      if (account !== "" && payment !== "")
        await run.send(requests.service(account, payment, {}, `s${op.n}`));
      return;
    }
    case "blind":
      world.fates.set("readDomain", Array(op.looks).fill("dropped"));
      return;
    case "crash":
      run.crash = op;
      return;
    case "run":
      await run.broker.beginRun(`run-${clock.now()}`);
      return;
    case "restart":
      return run.restart();
    case "freeze":
      await run.broker.freeze("all", "drill");
      return;
    case "unfreeze":
      await run.broker.unfreeze("all", "drill");
      return;
    case "wait":
      clock.advance(op.days * 86_400_000);
  }
}

interface Run {
  /** Of the payment token. */
  readonly cap: string;
  broker: Broker;
  crash: Extract<Op, { kind: "crash" }> | undefined;
  /** Sends a request; a broker that dies of it is replaced. */
  send(
    request: Parameters<Broker["handle"]>[0],
  ): Promise<Awaited<ReturnType<Broker["handle"]>> | undefined>;
  restart(): Promise<void>;
}

async function ensure(run: Run): Promise<{ readonly account: string; readonly payment: string }> {
  const account = await run.send(requests.account());
  const id =
    account?.ok === true && "outputs" in account && "accountId" in account.outputs
      ? account.outputs.accountId
      : "";
  if (id === "") return { account: "", payment: "" };
  const payment = await run.send(requests.payment(id, { cap: run.cap }));
  return { account: id, payment: payment?.ok === true && "id" in payment ? payment.id : "" };
}

async function startRun(bench: Bench, caps: Limits): Promise<Run> {
  const least = caps.perProvider.minor < caps.total.minor ? caps.perProvider : caps.total;
  const cap = `${(Number(least.minor) / 100).toFixed(2)} USD`;
  const open = () =>
    bench.open({
      limits: caps,
      observer: {
        async observe({ name, point }) {
          const { crash } = run;
          if (crash === undefined || STEP_NAMES[crash.step] !== name) return;
          if ((point === "after") === crash.after) throw new Error("the process died");
        },
      },
    });
  const run: Run = {
    cap,
    crash: undefined,
    broker: undefined as unknown as Broker,
    async send(request) {
      try {
        return await run.broker.handle(request);
      } catch {
        await run.restart();
        return undefined;
      }
    },
    async restart() {
      run.crash = undefined;
      run.broker = await open();
    },
  };
  await run.restart();
  return run;
}

async function expectInvariants(bench: Bench, run: Run, caps: Limits): Promise<void> {
  const { world, home } = bench;
  const minor = (text: string): bigint => BigInt(text.replace(/[^0-9-]/g, ""));
  const summary = await run.broker.summary();
  for (const { cap, spent, held } of summary.caps) {
    const [family, name] = cap.split("/");
    const limit = {
      provider: caps.perProvider,
      total: caps.total,
      run: caps.perRun,
      // Categories without a cap are counted all the same.
      category: name === "domains" ? caps.categories.domains : undefined,
      token: undefined,
    }[String(family)];
    if (limit !== undefined) expect(minor(spent) + minor(held)).toBeLessThanOrEqual(limit.minor);
  }
  expect(world.domains.length).toBeLessThanOrEqual(caps.counts.domains);
  expect(new Set(world.domains.map(({ name }) => name)).size).toBe(world.domains.length);
  expect(world.accounts.length).toBeLessThanOrEqual(1);

  // What was really charged is never more than what the ledger has captured or holds.
  const charged = world.domains.reduce((sum, { price }) => sum + price, 0n);
  const known = summary.caps
    .filter(({ cap }) => cap.startsWith("category/domains/"))
    .reduce((sum, { spent, held }) => sum + minor(spent) + minor(held), 0n);
  expect(charged).toBeLessThanOrEqual(known);

  const store = await openSqliteStore(join(home, "ledger.sqlite"), "reader");
  if (typeof store === "string") throw new Error(store);
  expect(checkBooks(await readRawBooks(store))).toEqual([]);
  await store.close();
  expect(verifyLog(home).findings.filter(({ code }) => code !== "file_short")).toEqual([]);
}

it("promise 1: no cap is ever exceeded: no order of purchases, refusals, silences, deaths, freezes and months gets past any cap", async () => {
  await fc.assert(
    fc.asyncProperty(
      limits,
      fc.array(op, { minLength: 6, maxLength: 24, size: "max" }),
      async (caps, ops) => {
        const home = makeHome();
        const bench = createBenchAt(home);
        try {
          const run = await startRun(bench, caps);
          for (const one of ops) {
            await apply(bench, run, one);
            await expectInvariants(bench, run, caps);
          }
          await run.broker.close();
        } finally {
          rmSync(home, { recursive: true, force: true });
        }
      },
    ),
    // A failure is told at once: shrinking one would outlast the test's time.
    { numRuns: 80, endOnFailure: true },
  );
}, 300_000);
