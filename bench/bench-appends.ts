import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openBenchBroker } from "./open-bench-broker.ts";
import { printRates } from "./print-rates.ts";
import { runClients } from "./run-clients.ts";

/** A usual entry of the log is about so long. */
const ENTRY = Buffer.from(`${"x".repeat(700)}\n`);

/** Entries of the log per second, each durable in the ledger and in the log's file, beside what the disk does when one appends and syncs. */
export async function benchAppends(scratch: string): Promise<void> {
  const rates = new Map<string, number>();
  for (const [label, sync] of [
    ["the disk: append and fsync", fsyncSync],
    ["the disk: append and fdatasync", fdatasyncSync],
  ] as const)
    rates.set(label, await benchDisk(join(scratch, "appended"), sync));
  const { broker, close } = await openBenchBroker({ home: join(scratch, "appends") });
  const noted = await runClients([1, 8, 64], async () => {
    const failure = await broker.noteState("shop", "prod");
    if (failure !== undefined) throw new Error(failure.code);
  });
  await close();
  for (const [label, rate] of noted) rates.set(`the log, SQLite: ${label}`, rate);
  printRates("log entries, durable in ledger and log file", rates);
}

async function benchDisk(path: string, sync: (file: number) => void): Promise<number> {
  const file = openSync(path, "a");
  const rates = await runClients([1], async () => {
    writeSync(file, ENTRY);
    sync(file);
  });
  closeSync(file);
  return [...rates.values()][0] ?? Number.NaN;
}
