import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { startedAt } from "../../../util/process-identity.ts";
import {
  isMarkedAlive,
  markProcess,
  type ProcessMark,
  readMark,
} from "../../../util/process-mark.ts";

/** The right to run the CLI in a folder. */
export interface HeldFolder {
  /** Before each start: from now on a CLI may run that nobody has marked. Throws when the folder is no longer ours. */
  prepare(): void;
  /** Writes down which process the CLI is, so that whoever comes after us waits for it. Throws when the folder is no longer ours. */
  mark(pid: number): void;
  release(): void;
}

interface Lock {
  /** Tells this hold from every other. */
  readonly token: string;
  readonly owner: ProcessMark;
  /** Absent until the CLI runs. */
  readonly cli?: ProcessMark | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What stands in the file, as it was judged. */
interface Seen {
  readonly text: string;
  /** Undefined when it is damaged. */
  readonly lock: Lock | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

const PAUSE_MS = 100;

/**
 * Waits until nobody holds the folder and no CLI runs there: it outlives a broker that was killed, and two beside each other would make things twice. One that has
 * run for `timeout` is ended, as the broker that started it would have done. Undefined when it is still held after `patience`. Both in milliseconds.
 */
export async function holdFolder(
  folder: string,
  { timeout, patience }: { readonly timeout: number; readonly patience: number },
): Promise<HeldFolder | undefined> {
  const file = join(folder, "cli.json");
  const owner = markProcess(process.pid);
  const token = randomUUID();
  const end = performance.now() + patience;
  while (!take(file, { token, owner, at: Date.now() })) {
    const seen = look(file);
    if (seen !== undefined && isOver(seen, timeout) && drop(file, seen.text, token)) continue;
    // A lock that was released meanwhile is no judgement: the next try tells.
    if (performance.now() > end) return undefined;
    await sleep(seen === undefined ? 0 : PAUSE_MS);
  }
  const isOurs = (): boolean => look(file)?.lock?.token === token;
  const write = (cli: ProcessMark | undefined): void => {
    if (!isOurs()) throw new Error("the folder is held by another");
    const draft = `${file}.${token}.new`;
    writeFileSync(draft, JSON.stringify({ token, owner, cli, at: Date.now() }), { mode: 0o600 });
    renameSync(draft, file);
  };
  return {
    prepare: () => write(undefined),
    mark: (pid) => write(markProcess(pid)),
    release() {
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

function take(file: string, lock: Lock): boolean {
  try {
    writeFileSync(file, JSON.stringify(lock), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined when there is no lock. */
function look(file: string): Seen | undefined {
  try {
    const text = readFileSync(file, "utf8");
    const lock = readLock(text);
    return { text, lock, since: lock?.at ?? statSync(file).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readLock(text: string): Lock | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const owner = readMark(memberAt(value, "owner"));
    const at = memberAt(value, "at");
    if (owner === undefined || typeof at !== "number") return undefined;
    const token = textAt(value, ["token"]) ?? "";
    return { token, owner, at, cli: readMark(memberAt(value, "cli")) };
  } catch {
    return undefined;
  }
}

/** Whether nobody runs the CLI under this lock any more. While its owner lives it never is: only the owner knows what comes next. */
function isOver({ lock, since }: Seen, timeout: number): boolean {
  const isLate = Date.now() - since > timeout;
  if (lock === undefined) return isLate;
  if (isMarkedAlive(lock.owner)) return false;
  // Killed between the start of the CLI and its mark: the CLI is taken to end by itself in the time that it is given.
  if (lock.cli === undefined) return isLate;
  if (!isMarkedAlive(lock.cli)) return true;
  if (isLate) endGroup(lock.cli);
  return false;
}

/** Only of a process that is certainly the marked one. */
function endGroup({ pid, startedAt: marked }: ProcessMark): void {
  if (pid <= 1 || marked === undefined || startedAt(pid) === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** Removes the lock that was judged. Another may have dropped it and taken its own since: what was moved away is looked at, and put back when it is another's. */
function drop(file: string, judged: string, token: string): boolean {
  const aside = `${file}.${token}.old`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  try {
    if (readFileSync(aside, "utf8") !== judged) linkSync(aside, file);
  } catch {
    // A third has taken it in between; whose lock is gone starts nothing more, and ends what it has just started.
  }
  rmSync(aside, { force: true });
  return true;
}
