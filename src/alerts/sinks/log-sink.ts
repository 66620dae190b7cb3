import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Alert, printAlert } from "../alert.ts";
import type { AlertSink } from "./sink.ts";

/**
 * Appends each alert as one line of JSON to a file, mode 0600, and syncs it. A line that a crash cut off is taken away; an alert that stands in the
 * file is not written again.
 */
export function createLogSink(path: string, { counts }: { readonly counts: boolean }): AlertSink {
  return {
    name: "log",
    counts,
    async deliver(alert) {
      try {
        append(path, alert);
        return { kind: "accepted" };
      } catch {
        return { kind: "refused", code: "unwritable" };
      }
    },
  };
}

function append(path: string, alert: Alert): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a+", 0o600);
  try {
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) ftruncateSync(file, end);
    const isThere = bytes.toString("utf8", 0, end).includes(`"id":"${alert.id}"`);
    if (!isThere) writeSync(file, `${printAlert(alert)}\n`);
    // Also when it is there: whoever wrote it may have died before it was on the disk.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
