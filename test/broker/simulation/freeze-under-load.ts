import { rmSync } from "node:fs";
import { readLog } from "../../../src/log/read-log.ts";
import { createBenchAt, dollars, grant, LIMITS, makeHome, requests } from "../fakes/bench.ts";
import { createDraws } from "./draws.ts";

/** What a freeze at one point came to. */
export interface FreezeReport {
  /** Purchases that were let go before the freeze was done, and after it. */
  readonly before: number;
  readonly after: number;
  /** Purchases that reached the provider. */
  readonly bought: number;
  readonly frozen: number;
}

const AGENTS = 64;
/** Steps that are told of one purchase: the six of every act, before and after. */
const STEPS_PER_PURCHASE = 12;
const PLENTY = dollars(1_000_000_00n);
const WIDE = {
  ...LIMITS,
  ...{ perProvider: PLENTY, total: PLENTY, perRun: PLENTY, categories: {} },
  counts: { domains: AGENTS, accounts: 5, tokens: 20 },
};

/**
 * Sixty-four purchases at once while the orchestrator is down; a freeze strikes at a random step of any of them. What is let go
 * after the freeze has answered, or recorded after it in the log, came after it.
 */
export async function freezeUnderLoad(seed: number): Promise<FreezeReport> {
  const home = makeHome();
  try {
    const { open, world } = createBenchAt(home);
    let isLoaded = false;
    let stepsLeft = createDraws(seed).below(AGENTS * STEPS_PER_PURCHASE);
    let freeze: Promise<unknown> | undefined;
    let isFrozen = false;
    const sent = { before: 0, after: 0 };
    const strike = (): void => {
      freeze = broker.freeze("all", "drill").then(() => {
        isFrozen = true;
      });
    };
    const broker = await open({
      limits: WIDE,
      observer: {
        async observe({ name, point }) {
          if (!isLoaded) return;
          if (name === "dispatch" && point === "before") sent[isFrozen ? "after" : "before"] += 1;
          stepsLeft -= 1;
          if (stepsLeft < 0 && freeze === undefined) strike();
        },
      },
    });
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const payment = (await grant(broker, requests.payment(account, { cap: "5000.00 USD" }))).id;
    isLoaded = true;
    for (const method of ["isHealthy", "refresh", "requestAccount", "createResource"])
      world.fates.set(method, Array(1_000).fill("dropped"));
    const answers = await Promise.all(
      Array.from({ length: AGENTS }, (_, agent) =>
        broker.handle(requests.domain(account, payment, { domain: `d${agent}.com` }, `d${agent}`)),
      ),
    );
    if (freeze === undefined) strike();
    await freeze;
    const late = await broker.handle(
      requests.domain(account, payment, { domain: "late.com" }, "late"),
    );
    const codes = [...answers, late].map((answer) => (answer.ok ? "" : answer.code));
    await broker.close();
    return {
      before: sent.before,
      after: sent.after + countRecordedAfterFreeze(home),
      bought: world.domains.length,
      frozen: codes.filter((code) => code === "frozen").length,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Requests that the log has after the freeze: there must be none, only denials. */
function countRecordedAfterFreeze(home: string): number {
  const log = readLog(home);
  const at = log.findIndex(({ name }) => name === "frozen");
  return log.slice(at).filter(({ name }) => name === "domain-requested").length;
}
