import { Worker } from "node:worker_threads";
import type { SimulationReport } from "./simulate-ledger.ts";

/** What many seeds came to. */
export interface SeedsReport {
  readonly seeds: number;
  readonly sales: number;
  readonly denials: number;
  readonly deaths: number;
  /** Seeds to replay, with what they showed. */
  readonly failed: readonly Pick<SimulationReport, "seed" | "findings">[];
}

/** What one thread is to do, and reports at its end. */
export interface SeedsTask {
  readonly first: number;
  readonly count: number;
  readonly operations: number;
}

const NOTHING: SeedsReport = { seeds: 0, sales: 0, denials: 0, deaths: 0, failed: [] };

/** Simulates `count` seeds from `first` on, shared out among threads. */
export async function simulateSeeds(task: SeedsTask, threads: number): Promise<SeedsReport> {
  const share = Math.ceil(task.count / threads);
  const parts = Array.from({ length: threads }, (_, index) => {
    const begin = Math.min(index * share, task.count);
    const count = Math.min(share, task.count - begin);
    return runThread({ ...task, first: task.first + begin, count });
  });
  return (await Promise.all(parts)).reduce(add, NOTHING);
}

export function add(sum: SeedsReport, one: SeedsReport): SeedsReport {
  return {
    seeds: sum.seeds + one.seeds,
    sales: sum.sales + one.sales,
    denials: sum.denials + one.denials,
    deaths: sum.deaths + one.deaths,
    failed: [...sum.failed, ...one.failed],
  };
}

function runThread(task: SeedsTask): Promise<SeedsReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./seeds-thread.ts", import.meta.url), { workerData: task });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
