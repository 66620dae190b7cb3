import { join } from "node:path";
import { createBroker } from "../src/broker/broker.ts";
import { systemRandom } from "../src/broker/random.ts";
import { openSealedLog } from "../src/log/append/sealed-log.ts";
import { openNoteKey } from "../src/log/note-key.ts";
import { createCosigner } from "../src/log/witness/create-cosigner.ts";
import { type SpawnedWitness, spawnWitness } from "../src/log/witness/spawn-witness.ts";

const ACTS = 300;
const NO_MONEY = { currency: "USD", minor: 0n };
const LIMITS = {
  ...{ perProvider: NO_MONEY, total: NO_MONEY, perRun: NO_MONEY, perTransaction: NO_MONEY },
  ...{ categories: {}, counts: { domains: 0, accounts: 0, tokens: 0 }, alerts: [] },
};

/** What one act costs at the broker, without any provider, and what the log's tree costs as it grows. On the disk of the scratch folder. */
export async function benchLog(scratch: string): Promise<void> {
  console.log("one act at the broker (a generated secret), milliseconds: median (p99)");
  await benchActs(join(scratch, "signed"), "log signed", undefined);
  let spawned: SpawnedWitness | undefined;
  await benchActs(join(scratch, "witnessed"), "log signed and witnessed", (logKey) => {
    const own = spawnWitness(join(scratch, "witness"), [logKey]);
    spawned = own;
    return createCosigner(() => own.connect());
  });
  await spawned?.close();
  console.log("\none seal of two new entries in a log of N entries, milliseconds: median (p99)");
  for (const size of [1_000, 10_000, 100_000]) await benchSeal(join(scratch, `seal-${size}`), size);
  console.log("");
}

async function benchActs(
  home: string,
  label: string,
  witness: Parameters<typeof createBroker>[0]["witness"],
): Promise<void> {
  const connection = { orchestrators: {}, providers: {} };
  const opened = await createBroker({
    ...{ home, connection, limits: LIMITS, permits: () => true, witness },
  });
  if (!opened.ok) throw new Error(opened.code);
  const times: number[] = [];
  for (let n = 0; n < ACTS; n++) {
    const identity = { project: "bench", stack: "local", resource: `secret-${n}` };
    const start = process.hrtime.bigint();
    const answer = await opened.broker.handle({
      ...{ verb: "create", kind: "secret", identity, inputs: { bytes: 32 } },
    });
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (!answer.ok) throw new Error(answer.code);
  }
  await opened.broker.close();
  print(label, times);
}

async function benchSeal(home: string, size: number): Promise<void> {
  const key = openNoteKey(`${home}.key`, {
    ...{ kind: "log", mayCreate: true, random: (count) => systemRandom.bytes(count) },
  });
  if (!key.ok) throw new Error(key.code);
  const entries = Array.from({ length: size }, (_, n) => `${"x".repeat(700)} ${n}`);
  const folder = join(home, "log");
  const readEntries = async (from: number) => entries.slice(from);
  const log = openSealedLog({ folder, key: key.key, readEntries });
  await log.seal();
  const times: number[] = [];
  for (let n = 0; n < 100; n++) {
    entries.push(`more ${n}`, `and more ${n}`);
    const start = process.hrtime.bigint();
    await log.seal();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  print(`${size} entries`, times);
}

function print(label: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2);
  console.log(`  ${label.padEnd(26)}  ${at(0.5)} (${at(0.99)})`);
}
