import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogEntry } from "./event.ts";

/** The log's folder in a home: plain files, without a secret. */
export function logFolder(home: string): string {
  return join(home, "log");
}

/** The log as one JSON entry a line, for people and their tools. */
export function logPath(home: string): string {
  return join(logFolder(home), "events.jsonl");
}

/** Entries from `from` (default 0) on, oldest first; none when there is no log yet. Lines that are no entry are left out: `verifyLog` names them. */
export function readLog(home: string, from = 0): readonly LogEntry[] {
  let text: string;
  try {
    text = readFileSync(logPath(home), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      const entry = JSON.parse(line) as LogEntry;
      return Number.isSafeInteger(entry.sequence) && entry.sequence >= from ? [entry] : [];
    } catch {
      return [];
    }
  });
}
