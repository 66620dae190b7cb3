import { parentPort, workerData } from "node:worker_threads";
import { simulateLedger } from "./simulate-ledger.ts";
import { add, type SeedsReport, type SeedsTask } from "./simulate-seeds.ts";

const { first, count, operations } = workerData as SeedsTask;
let sum: SeedsReport = { seeds: 0, sales: 0, denials: 0, deaths: 0, failed: [] };
for (let seed = first; seed < first + count; seed++) {
  const { sales, denials, deaths, findings } = await simulateLedger(seed, operations);
  const failed = findings.length === 0 ? [] : [{ seed, findings: findings.slice(0, 5) }];
  sum = add(sum, { seeds: 1, sales, denials, deaths, failed });
}
parentPort?.postMessage(sum);
