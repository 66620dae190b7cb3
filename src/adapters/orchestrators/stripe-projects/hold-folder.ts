import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { memberAt } from "../../../util/json-access.ts";
import {
  isMarkedAlive,
  markProcess,
  type ProcessMark,
  readMark,
} from "../../../util/process-mark.ts";

/** The right to run the CLI in a folder. */
export interface HeldFolder {
  /** Writes down which process the CLI is, so that whoever comes after us waits for it. */
  mark(pid: number): void;
  release(): void;
}

interface Lock {
  readonly owner: ProcessMark;
  /** Absent until the CLI runs. */
  readonly cli?: ProcessMark | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const PAUSE_MS = 100;

/**
 * Waits until no CLI runs in the folder: it outlives a broker that was killed, and two beside each other would make things twice. One that has run for `timeout`
 * is ended, as the broker that started it would have done. Undefined when there is still one after `patience`. Both in milliseconds.
 */
export async function holdFolder(
  folder: string,
  { timeout, patience }: { readonly timeout: number; readonly patience: number },
): Promise<HeldFolder | undefined> {
  const file = join(folder, "cli.json");
  const owner = markProcess(process.pid);
  const end = performance.now() + patience;
  while (!take(file, { owner, at: Date.now() })) {
    if (isOver(file, timeout)) {
      drop(file);
      continue;
    }
    if (performance.now() > end) return undefined;
    await sleep(PAUSE_MS);
  }
  return {
    mark: (pid) => writeFileSync(file, printLock({ owner, cli: markProcess(pid), at: Date.now() })),
    release: () => rmSync(file, { force: true }),
  };
}

function take(file: string, lock: Lock): boolean {
  try {
    writeFileSync(file, printLock(lock), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function printLock(lock: Lock): string {
  return JSON.stringify(lock);
}

/** Whether nobody runs the CLI under this lock any more. */
function isOver(file: string, timeout: number): boolean {
  const lock = readLock(file);
  const since = lock?.at ?? statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isLate = Date.now() - since > timeout;
  if (lock?.cli !== undefined) {
    if (!isMarkedAlive(lock.cli)) return true;
    if (isLate && !isMarkedAlive(lock.owner)) endGroup(lock.cli.pid);
    return false;
  }
  // Killed between the start of the CLI and its mark: it may run, though no longer than it is given.
  return isLate && (lock === undefined || !isMarkedAlive(lock.owner));
}

function readLock(file: string): Lock | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    const owner = readMark(memberAt(value, "owner"));
    const at = memberAt(value, "at");
    if (owner === undefined || typeof at !== "number") return undefined;
    return { owner, at, cli: readMark(memberAt(value, "cli")) };
  } catch {
    return undefined;
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** By renaming first, so that of two who see the same dead lock only one removes it. */
function drop(file: string): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  rmSync(aside, { force: true });
}
