import { checkBooks } from "../../../src/broker/ledger/check-books.ts";
import type { Intent } from "../../../src/broker/ledger/ledger.ts";
import { readRawBooks } from "../../../src/broker/ledger/read-raw-books.ts";
import { LedgerStorageError, StaleWriterError } from "../../../src/broker/ledger/store.ts";
import type { Limits } from "../../../src/compiler/1-manifest/guardrails.ts";
import { cost, leaseOf, usd, type Wish, wish } from "../fakes/ledger-acts.ts";
import { checkSales } from "./check-sales.ts";
import { createDraws, type Draws } from "./draws.ts";
import { createMemoryDisk, type MemoryDisk, openMemoryStore } from "./memory-store.ts";
import { Death, type MortalProcess, openMortalProcess } from "./mortal-process.ts";
import { createSeller, type Order, type Seller } from "./seller.ts";

/** What one seed came to. */
export interface SimulationReport {
  readonly seed: number;
  readonly operations: number;
  readonly sales: number;
  readonly denials: number;
  readonly deaths: number;
  /** Hash of the log's newest entry, which chains all others: equal when a seed is replayed. */
  readonly digest: string;
  /** What must not be; empty when every cap was kept. */
  readonly findings: readonly string[];
}

const HOUR = 3_600_000;
const AGENTS = [1, 2, 4, 8, 16, 32, 64];
const RESOURCES = 24;

interface Simulation {
  readonly draws: Draws;
  readonly disk: MemoryDisk;
  readonly seller: Seller;
  readonly limits: Limits;
  readonly findings: string[];
  process: MortalProcess;
  clock: number;
  run: number;
  denials: number;
  deaths: number;
}

/**
 * Agents buy through one ledger while processes die, storage fails, writers are replaced in the middle of their work, orders are lost and doubled, clocks jump
 * and caps are lowered. Everything follows from the seed. The judge is the checker of the raw books, and the seller's own book.
 */
export async function simulateLedger(seed: number, operations: number): Promise<SimulationReport> {
  const draws = createDraws(seed);
  const disk = createMemoryDisk(`ledger-${seed}`);
  const sim: Simulation = {
    ...{ draws, disk, limits: drawLimits(draws), findings: [] },
    seller: createSeller(draws, () => disk.time),
    process: undefined as unknown as MortalProcess,
    clock: Date.parse("2026-11-10T12:00:00Z") + draws.below(30 * 24) * HOUR,
    ...{ run: 1, denials: 0, deaths: 0 },
  };
  await replaceProcess(sim);
  const agents = draws.pick(AGENTS);
  for (let done = 0; done < operations; ) {
    const atOnce = Math.min(operations - done, 1 + draws.below(agents));
    await Promise.all(Array.from({ length: atOnce }, () => operate(sim)));
    done += atOnce;
    if (sim.process.isDead) {
      sim.deaths += 1;
      await replaceProcess(sim);
    }
  }
  const findings = [...sim.findings, ...(await judge(sim))];
  const { denials, deaths } = sim;
  const digest = String(disk.tables.get("log")?.list.at(-1)?.leaf);
  const sales = sim.seller.sales.length;
  return { seed, operations, sales, denials, deaths, digest, findings };
}

/** Wide enough that things are bought, narrow enough that every cap denies in some seeds. */
function drawLimits(draws: Draws): Limits {
  const between = (least: number, most: number) => usd(least + draws.below(most - least));
  const maybe = (least: number, most: number) =>
    draws.chance(0.5) ? between(least, most) : undefined;
  return {
    perProvider: between(4_000, 120_000),
    total: between(4_000, 160_000),
    perProject: maybe(3_000, 80_000),
    perStack: maybe(3_000, 80_000),
    perAgent: maybe(3_000, 80_000),
    commitments: maybe(20_000, 200_000),
    perRun: between(4_000, 80_000),
    perTransaction: between(500, 3_000),
    categories: { storage: between(4_000, 80_000), mail: between(2_000, 40_000) },
    counts: { domains: 1 + draws.below(4), accounts: 1, tokens: 10 },
    windows: draws.chance(0.5)
      ? [
          {
            scope: "total",
            amount: between(2_000, 20_000),
            window: draws.pick(["1h", "24h", "7d"]),
          },
        ]
      : [],
    velocity: draws.chance(0.3)
      ? [{ scope: "total", acts: 20 + draws.below(100), window: draws.pick(["1h", "1d"]) }]
      : [],
    alerts: [50, 80, 90, 100],
  };
}

/** Opens the ledger anew, as a restart or a second machine does; sometimes with lower caps. */
async function replaceProcess(sim: Simulation): Promise<void> {
  const { draws, limits } = sim;
  const isLower = draws.chance(0.2);
  const total = usd(isLower ? limits.total.minor / 2n : limits.total.minor);
  const next = openMortalProcess(sim.disk, {
    limits: { ...limits, total },
    agent: `agent:${draws.below(3)}`,
    now: () => sim.clock,
    ...{ draws, failure: 0.01 },
  });
  sim.process = next;
  await survive(sim, () => next.ledger.abandonUnsent().then(() => undefined));
}

/** Runs what a death, a failing disk or a newer writer may end, and notes every other error. */
async function survive(sim: Simulation, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isExpected = [Death, LedgerStorageError, StaleWriterError].some(
      (type) => error instanceof type,
    );
    if (!isExpected) sim.findings.push(`bug: ${error instanceof Error ? error.message : error}`);
  }
}

async function operate(sim: Simulation): Promise<void> {
  const { draws, process } = sim;
  const { ledger } = process;
  const chance = draws.below(1000);
  if (chance < 800) return survive(sim, () => buy(sim, process));
  if (chance < 860) return survive(sim, () => remove(sim, process));
  if (chance < 900) sim.clock += draws.below(draws.chance(0.2) ? 40 * 24 : 12) * HOUR;
  else if (chance < 915) sim.clock -= draws.below(48) * HOUR;
  else if (chance < 930) process.doom(1 + draws.below(6));
  else if (chance < 945) await replaceProcess(sim);
  else if (chance < 960) sim.run += 1;
  else {
    const event = { name: "frozen", actor: { run: "drill" } } as const;
    const isFreeze = chance < 965;
    await survive(sim, () =>
      isFreeze
        ? ledger.freeze("cloudflare", "drill", event)
        : ledger.unfreeze("cloudflare", "drill", { ...event, name: "unfrozen" }),
    );
  }
}

/** One step of an agent: takes up what is open of a resource, or buys it anew. */
async function buy(sim: Simulation, process: MortalProcess): Promise<void> {
  const { draws } = sim;
  const number = draws.below(RESOURCES);
  const minor = 50 + draws.below(2_600);
  const recurs = draws.chance(0.03);
  const base = wish(describeWish(number, minor, recurs));
  await process.exclusively(base.identity.resource, async () => {
    const latest = await process.ledger.latestIntent(base.identity, base.kind, base.verb);
    if (latest !== undefined && isOpen(latest)) return pursue(sim, process, latest);
    const run = `run-${sim.run}`;
    const generation = (latest?.generation ?? 0) + 1;
    const request = wish({ ...describeWish(number, minor, recurs), generation, run });
    // What a repeat must send unchanged stands in the journal.
    const parameters = { number, minor, recurs, run, agent: process.agent };
    const answer = await process.ledger.record({ ...request, parameters });
    if (answer.kind === "recorded") return pursue(sim, process, answer.intent);
    sim.denials += 1;
  });
}

function describeWish(number: number, minor: number, recurs: boolean): Wish {
  const isDomain = number < 6;
  return {
    resource: `resource-${number}`,
    project: number % 2 === 0 ? "shop" : "blog",
    stack: number % 3 === 0 ? "prod" : "test",
    provider: number % 5 === 0 ? "resend" : "cloudflare",
    kind: isDomain ? "domain" : "service-instance",
    count: isDomain ? "domains" : undefined,
    spend: cost(minor, {
      categories: number % 4 === 0 ? ["storage", "mail"] : ["storage"],
      ...(recurs && { again: { amount: usd(minor), interval: "month" as const } }),
      ...(number % 7 === 0 && { token: { lease: `token-${number}`, cap: usd(4_000) } }),
    }),
  };
}

/** The order of an intent, from nothing but what the journal has. */
function readOrder({ parameters, generation, recordedAt }: Intent): Order {
  const { number, minor, recurs, run, agent } = parameters as {
    [name: string]: unknown;
  } & { readonly number: number; readonly minor: number; readonly recurs: boolean };
  const described = describeWish(number, minor, recurs);
  const request = wish({ ...described, generation, run: String(run) });
  return { request, recordedAt, agent: String(agent) };
}

const isOpen = ({ state }: Intent): boolean =>
  ["recorded", "dispatched", "answered"].includes(state);

/** Sends, and ends what was answered; what stays unknown keeps its hold and is sent again under the same key another time. */
async function pursue(sim: Simulation, process: MortalProcess, intent: Intent): Promise<void> {
  const { draws, seller } = sim;
  const { ledger } = process;
  const { key } = intent;
  const order = readOrder(intent);
  let outcome = intent.outcome;
  if (intent.state !== "answered") {
    const marked = await ledger.markDispatched(key, undefined);
    if (marked.kind === "denied") return;
    // The network is slow: others die, freeze or take over in the meantime.
    for (let ticks = draws.below(6); ticks > 0; ticks--)
      await new Promise<void>((resolve) => setImmediate(resolve));
    const answer = seller.order(order);
    if (answer.kind === "unknown")
      return ledger.markWaiting(key, "unknown", { ...order.request.event, name: "act-unknown" });
    outcome = answer.kind === "sold" ? String(answer.minor) : "refused";
    await ledger.storeOutcome(key, outcome);
  }
  if (outcome === "refused") return ledger.settle({ key, state: "refused", events: [] });
  const capture = usd(BigInt(outcome ?? 0));
  const lease = leaseOf(order.request);
  return ledger.settle({ key, state: "settled", capture, lease, events: [] });
}

/** Gives a resource up, and with it what counts it. */
async function remove(sim: Simulation, process: MortalProcess): Promise<void> {
  const { identity, kind, verb, count } = wish(describeWish(sim.draws.below(RESOURCES), 1, false));
  await process.exclusively(identity.resource, async () => {
    const latest = await process.ledger.latestIntent(identity, kind, verb);
    if (latest?.state !== "settled") return;
    sim.seller.remove(latest.key);
    await process.ledger.change({
      lease: leaseOf(readOrder(latest).request, "closed"),
      uncount: count === undefined ? [] : [{ count, intent: latest.key, reason: "removed" }],
      events: [],
    });
  });
}

/** The raw books, the seller's book, and that the one knows what the other took. */
async function judge({ disk, seller, limits }: Simulation): Promise<readonly string[]> {
  const books = await readRawBooks(openMemoryStore(disk, "reader"));
  const findings = checkBooks(books).map(({ code, about }) => `${code} ${about}`);
  findings.push(...checkSales(seller.sales, limits));
  if (seller.mostDomains > limits.counts.domains)
    findings.push(`domains: ${seller.mostDomains} of ${limits.counts.domains}`);
  const states = new Map(books.intents.map(({ key, state }) => [key, state]));
  const posts = new Map(
    books.transfers.filter(({ phase }) => phase === "post").map(({ id, intent }) => [intent, id]),
  );
  const spent = new Map(
    books.entries
      .filter(({ account, side }) => side === "spent" && account.startsWith("total/20"))
      .map(({ transfer, minor }) => [transfer, minor]),
  );
  for (const { request, minor } of seller.sales) {
    const state = states.get(request.key) ?? "unknown to the books";
    const isHeld = state === "dispatched" || state === "answered";
    const captured = spent.get(posts.get(request.key) ?? -1) ?? 0n;
    if (!isHeld && !(state === "settled" && captured === minor))
      findings.push(`sold for ${minor}, but ${state} with ${captured}: ${request.key}`);
  }
  return findings;
}
