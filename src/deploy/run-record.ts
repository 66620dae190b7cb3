import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memberAt } from "../util/json-access.ts";
import { isAlive, startedAt } from "./process-identity.ts";
import type { StackPlace } from "./stack-place.ts";

/** A process, told from a later one with the same id by its start. */
export interface ProcessMark {
  readonly pid: number;
  /** Milliseconds since the epoch; absent where it cannot be told. */
  readonly startedAt?: number | undefined;
}

/** A run of the engine, written down while it lasts. */
export interface RunRecord {
  /** Random; in the environment of every process of the run. */
  readonly runId: string;
  readonly engine: ProcessMark;
  /** The process that started the engine and serves its broker. */
  readonly owner: ProcessMark;
}

/** Slack when two measurements of one process's start are compared, milliseconds. */
const START_SLACK_MS = 2_000;

/** The mark of a living process. */
export function markProcess(pid: number): ProcessMark {
  return { pid, startedAt: startedAt(pid) };
}

/** True while the very process that was marked is alive. */
export function isMarkedAlive(mark: ProcessMark): boolean {
  if (!isAlive(mark.pid)) return false;
  const start = startedAt(mark.pid);
  if (start === undefined || mark.startedAt === undefined) return true;
  return Math.abs(start - mark.startedAt) <= START_SLACK_MS;
}

/** Writes the record down, as soon as the engine has an id. */
export function writeRunRecord(place: Pick<StackPlace, "root">, record: RunRecord): void {
  mkdirSync(recordFolder(place), { recursive: true, mode: 0o700 });
  writeFileSync(recordFile(place, record.runId), JSON.stringify(record), { mode: 0o600 });
}

/** Forgets a run that has ended. */
export function removeRunRecord(place: Pick<StackPlace, "root">, runId: string): void {
  rmSync(recordFile(place, runId), { force: true });
}

/** Runs of this root, of any stack, that are still written down. A damaged record is dropped. */
export function listRunRecords(place: Pick<StackPlace, "root">): readonly RunRecord[] {
  let names: string[];
  try {
    names = readdirSync(recordFolder(place));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(recordFolder(place), name);
    const record = readRecord(path);
    if (record === undefined) rmSync(path, { force: true });
    return record ?? [];
  });
}

function readRecord(path: string): RunRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const runId = memberAt(value, "runId");
    const engine = readMark(memberAt(value, "engine"));
    const owner = readMark(memberAt(value, "owner"));
    if (typeof runId !== "string" || !/^[0-9a-f-]{36}$/.test(runId)) return undefined;
    return engine && owner && { runId, engine, owner };
  } catch {
    return undefined;
  }
}

function readMark(value: unknown): ProcessMark | undefined {
  const pid = memberAt(value, "pid");
  const start = memberAt(value, "startedAt");
  if (typeof pid !== "number") return undefined;
  return { pid, startedAt: typeof start === "number" ? start : undefined };
}

function recordFolder(place: Pick<StackPlace, "root">): string {
  return join(place.root, ".supercargo", "runs");
}

function recordFile(place: Pick<StackPlace, "root">, runId: string): string {
  return join(recordFolder(place), `${runId}.json`);
}
