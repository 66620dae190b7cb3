import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Broker, type BrokerOptions, createBroker } from "../../../src/broker/broker.ts";
import type { Clock } from "../../../src/broker/clock.ts";
import type { BrokerAnswer, BrokerRequest } from "../../../src/broker/protocol.ts";
import { CONNECTION, dollars, grant, LIMITS, requests } from "./requests.ts";
import { createWorld, type World } from "./world.ts";

export { CONNECTION, dollars, grant, identity, LIMITS, requests } from "./requests.ts";

/** A clock that stands still except while somebody sleeps. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
}

export function createManualClock(start = Date.parse("2026-11-10T12:00:00Z")): ManualClock {
  let now = start;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

export interface Bench {
  readonly home: string;
  readonly clock: ManualClock;
  readonly world: World;
  open(overrides?: Partial<BrokerOptions>): Promise<Broker>;
}

/** A new folder, in memory where the system has such a place: these tests wait for nothing but the disk. */
export function makeHome(): string {
  const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  return mkdtempSync(join(folder, "sc-broker-"));
}

/** A home, a world and a clock that outlive any broker. */
export function createBench(): Bench {
  const home = makeHome();
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return createBenchAt(home);
}

/** {@link createBench} for a folder that somebody else removes. */
export function createBenchAt(home: string): Bench {
  const clock = createManualClock();
  const world = createWorld({ now: () => clock.now() });
  return {
    home,
    clock,
    world,
    async open(overrides = {}) {
      const opened = await createBroker({
        home,
        connection: CONNECTION,
        limits: LIMITS,
        permits: () => true,
        clock,
        orchestrators: { cloudflare: [world.orchestrator] },
        issuers: [world.issuer],
        vendors: { cloudflare: world.vendor },
        quoteService: () => ({
          price: { kind: "fixed", amount: dollars(500), interval: "month" },
          categories: ["storage"],
        }),
        ...overrides,
      });
      if (!opened.ok) throw new Error(`the broker did not open: ${opened.code}`);
      return opened.broker;
    },
  };
}

/** Sends a request and expects a failure; answers with its code. */
export async function refuse(broker: Broker, request: BrokerRequest): Promise<string> {
  const answer = await broker.handle(request);
  expect(answer.ok).toBe(false);
  return answer.ok ? "" : answer.code;
}

/** Account and payment token, by their ids. */
export async function setUp(
  broker: Broker,
  cap = "60.00 USD",
): Promise<{ readonly account: string; readonly payment: string }> {
  const account = await grant(broker, requests.account());
  const payment = await grant(broker, requests.payment(account.outputs.accountId, { cap }));
  return { account: account.outputs.accountId, payment: payment.id };
}

export function isFailure(
  answer: BrokerAnswer,
): answer is Extract<BrokerAnswer, { readonly ok: false }> {
  return !answer.ok;
}
