import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memberAt } from "../util/json-access.ts";
import { type ProcessMark, readMark } from "../util/process-mark.ts";
import type { StackPlace } from "./stack-place.ts";

/** A run of the engine, written down while it lasts. */
export interface RunRecord {
  /** Random; in the environment of every process of the run. */
  readonly runId: string;
  readonly engine: ProcessMark;
  /** The process that started the engine and serves its broker. */
  readonly owner: ProcessMark;
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

function recordFolder(place: Pick<StackPlace, "root">): string {
  return join(place.root, ".supercargo", "runs");
}

function recordFile(place: Pick<StackPlace, "root">, runId: string): string {
  return join(recordFolder(place), `${runId}.json`);
}
