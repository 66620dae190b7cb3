import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startedAt } from "../util/process-identity.ts";

/** How old a lock without an owner's note may be before it counts as left behind, milliseconds. */
const ANONYMOUS_MS = 10_000;

/**
 * Runs `work` while no other process holds the lock folder. A lock whose process is dead is taken over. `onWait` is
 * called each second of waiting.
 */
export async function withBuildLock<T>(
  folder: string,
  onWait: (seconds: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  for (let seconds = 0; !take(folder); seconds += 1) {
    if (isLeftBehind(folder)) drop(folder);
    else {
      onWait(seconds);
      await sleep(1_000);
    }
  }
  try {
    return await work();
  } finally {
    drop(folder);
  }
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  const owner = { pid: process.pid, startedAt: startedAt(process.pid) };
  writeFileSync(join(folder, "owner.json"), JSON.stringify(owner));
  return true;
}

function isLeftBehind(folder: string): boolean {
  try {
    const text = readFileSync(join(folder, "owner.json"), "utf8");
    const { pid, startedAt: start } = JSON.parse(text) as { pid: number; startedAt?: number };
    if (!isAlive(pid)) return true;
    const now = startedAt(pid);
    return now !== undefined && start !== undefined && Math.abs(now - start) > 2_000;
  } catch {
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
    return made !== undefined && Date.now() - made > ANONYMOUS_MS;
  }
}

/** By renaming first, so that of two who see the same dead lock only one removes it. */
function drop(folder: string): void {
  const aside = `${folder}.${process.pid}.old`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}
