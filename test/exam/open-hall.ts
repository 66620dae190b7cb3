import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { createBroker } from "../../src/broker/broker.ts";
import { type BookFinding, checkBooks } from "../../src/broker/ledger/check-books.ts";
import { type LedgerPlace, openPlace } from "../../src/broker/ledger/open-place.ts";
import { readRawBooks } from "../../src/broker/ledger/read-raw-books.ts";
import { toPlain } from "../../src/broker/plain-value.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { setUp } from "../broker/fakes/bench.ts";
import { connectWorld, serveWorld } from "../broker/fakes/remote-world.ts";
import { CONNECTION, dollars } from "../broker/fakes/requests.ts";
import { createWorld, type World } from "../broker/fakes/world.ts";
import type { ReplicaOrder } from "./replica-order.ts";

const REPLICA = fileURLToPath(new URL("./replica.ts", import.meta.url));

/** 150.00 USD a month in all; nothing else is in the way. */
export const LIMITS: Limits = {
  perProvider: dollars(500_000),
  total: dollars(15_000),
  perRun: dollars(500_000),
  perTransaction: dollars(10_000),
  categories: {},
  counts: { domains: 1_000, accounts: 5, tokens: 20 },
  alerts: [100],
};

export interface Run {
  /** Of the answers, in order. */
  readonly codes: readonly string[];
  readonly signal: NodeJS.Signals | null;
}

/** What the judge found in the provider's book and in the ledger's raw rows. */
export interface Verdict {
  /** Minor units that the provider has really charged. */
  readonly charged: bigint;
  /** Held or spent of the account `total` in all months, by the raw entries. */
  readonly booked: bigint;
  readonly held: bigint;
  readonly domains: readonly string[];
  readonly findings: readonly BookFinding[];
}

/** One examination: a provider whose book no replica can touch, and a ledger that is set up. */
export interface Hall {
  readonly folder: string;
  readonly home: string;
  readonly world: World;
  /** Runs a replica to its end. */
  run(
    domains: ReplicaOrder["wishes"] | readonly string[],
    order?: Partial<ReplicaOrder>,
  ): Promise<Run>;
  judge(): Promise<Verdict>;
  /** A gate for {@link ReplicaOrder.gate} that stops a replica. */
  gate(step: string): Gate;
}

export interface Gate {
  readonly order: NonNullable<ReplicaOrder["gate"]>;
  /** Resolves when a replica waits there. */
  reached(): Promise<void>;
  open(): void;
}

interface Terms {
  readonly postgres?: LedgerPlace["postgres"];
  /** Of the setting-up; default the machine's clock. */
  readonly at?: number | undefined;
}

/** Opens a hall that the test's end removes. The provider sets no limit of its own: only the ledger is in the way. */
export async function openHall({ postgres, at }: Terms = {}): Promise<Hall> {
  const folder = mkdtempSync(join(tmpdir(), "sc-exam-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const world = createWorld({ now: () => at ?? Date.now() });
  Object.assign(world, { price: 5_000n, renewal: 100n, credentialLife: 10 * 366 * 86_400_000 });
  const { url: book, close } = await serveWorld(world);
  onTestFinished(close);
  const place: LedgerPlace = { home, postgres };
  const common = { ...place, seenPath: join(folder, "state", "seen.json") };
  const opened = await createBroker({
    ...{ ...common, ...connectWorld(book), connection: CONNECTION, permits: () => true },
    // The payment token's cap is the widest that the ledger will ever know.
    limits: { ...LIMITS, total: dollars(500_000) },
    clock: at === undefined ? undefined : { now: () => at, sleep: async () => undefined },
  });
  if (!opened.ok) throw new Error(opened.code);
  const ids = await setUp(opened.broker, "5000.00 USD");
  await opened.broker.close();

  return {
    ...{ folder, home, world },
    run: (wishes, order = {}) =>
      runReplica({
        ...{ ...common, ...ids, book, limits: LIMITS },
        wishes: wishes.map((wish) => (typeof wish === "string" ? { domain: wish } : wish)),
        ...order,
      }),
    judge: () => judge(place, world),
    gate: (step) => openGate(step, join(folder, `gate-${Math.random()}`)),
  };
}

function runReplica(order: ReplicaOrder): Promise<Run> {
  const child = spawn(process.execPath, ["--no-warnings", REPLICA], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(toPlain(order)));
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (_, signal) =>
      resolve({ codes: text.split("\n").filter((line) => line !== ""), signal }),
    );
  });
}

function openGate(step: string, file: string): Gate {
  return {
    order: { step, file, isDeadly: false },
    async reached() {
      while (!existsSync(`${file}.reached`)) await sleep(10);
    },
    open: () => writeFileSync(`${file}.open`, ""),
  };
}

async function judge(place: LedgerPlace, world: World): Promise<Verdict> {
  const store = await openPlace(place, "reader");
  if (typeof store === "string") throw new Error(store);
  const raw = await readRawBooks(store);
  await store.close();
  const sum = (side: RegExp) =>
    raw.entries
      .filter((one) => /^total\/\d{4}-\d{2}$/.test(one.account) && side.test(one.side))
      .reduce((total, { minor }) => total + minor, 0n);
  return {
    charged: world.domains.reduce((total, { price }) => total + price, 0n),
    booked: sum(/^(held|spent)$/),
    held: sum(/^held$/),
    domains: world.domains.map(({ name }) => name),
    findings: checkBooks(raw),
  };
}
