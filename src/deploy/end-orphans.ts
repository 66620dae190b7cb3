import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../util/process-identity.ts";
import { isMarkedAlive } from "../util/process-mark.ts";
import { listRunRecords, type RunRecord, removeRunRecord } from "./run-record.ts";
import type { StackPlace } from "./stack-place.ts";

/** Variable that marks every process of an engine run with the run's id. */
export const RUN_MARK = "SUPERCARGO_RUN";

/** How long an engine whose owner died may take to end by itself, milliseconds. */
const PATIENCE_MS = 8_000;
/** How long a killed process may take to be gone, milliseconds. */
const DEATH_MS = 2_000;

/**
 * Ends what dead runs left behind: plugins of a killed engine live on and may still act, and an engine whose owner was
 * killed has lost its broker. A run whose owner lives is left alone. Returns how many processes were ended by force.
 */
export async function endOrphans(place: Pick<StackPlace, "root">): Promise<number> {
  let ended = 0;
  for (const record of listRunRecords(place)) {
    if (isMarkedAlive(record.owner)) continue;
    await letEngineEnd(record);
    ended += await endMarked(record.runId);
    removeRunRecord(place, record.runId);
  }
  return ended;
}

/** Asks the engine to stop, so that it writes down what it did. */
async function letEngineEnd(record: RunRecord): Promise<void> {
  if (!isMarkedAlive(record.engine)) return;
  signal(record.engine.pid, "SIGINT");
  for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
    await sleep(100);
    if (!isMarkedAlive(record.engine)) return;
  }
}

/** Kills every process of one run and waits until they are gone; returns how many there were. */
export async function endMarked(runId: string): Promise<number> {
  const killed = findMarked(runId).filter((pid) => signal(pid, "SIGKILL"));
  for (let waited = 0; waited < DEATH_MS && killed.some(isAlive); waited += 20) await sleep(20);
  return killed.length;
}

/** False when it had ended by itself. */
function signal(pid: number, name: "SIGINT" | "SIGKILL"): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Processes of ours whose environment holds the mark. */
function findMarked(runId: string): readonly number[] {
  const mark = `${RUN_MARK}=${runId}`;
  return process.platform === "linux" ? findInProc(mark) : findWithPs(mark);
}

function findInProc(mark: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** `ps -E` shows the environment of one's own processes on macOS and the BSDs. */
function findWithPs(mark: string): readonly number[] {
  try {
    const text = execFileSync("/bin/ps", ["-axwwE", "-o", "pid=,command="], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return text
      .split("\n")
      .filter((line) => line.includes(mark))
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
}
