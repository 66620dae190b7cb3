import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";

/** The file holds entries that the table lacks: the ledger was put back to an older state, and its holds with it. */
export class LogAheadError extends Error {
  override readonly name = "LogAheadError";
}

/** The log's second copy: one JSON entry a line. */
export interface LogFile {
  /**
   * Brings the file up to the table; on disk when it returns. Throws what the file system throws, or {@link LogAheadError}; nothing may be
   * dispatched then.
   */
  export(): void;
}

/** Opens `<folder>/events.jsonl`. A line that a crash cut off is taken away and written again from the table. */
export function openLogFile(database: DatabaseSync, path: string): LogFile {
  const rows = database.prepare(
    "SELECT sequence, entry FROM log WHERE sequence >= ? ORDER BY sequence",
  );
  const size = database.prepare("SELECT COUNT(*) AS size FROM log");
  let next: number | undefined;
  return {
    export() {
      next ??= repair(path);
      if (next > Number(size.get()?.size)) throw new LogAheadError();
      const lines = (rows.all(next) as { sequence: number; entry: string }[]).map(
        (row) => `${row.entry}\n`,
      );
      if (lines.length === 0) return;
      const count = next;
      next = undefined;
      const file = openSync(path, "a", 0o600);
      try {
        // Unlike writeSync it goes on after a short write.
        writeFileSync(file, lines.join(""));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      next = count + lines.length;
    },
  };
}

/** Makes the file end with a whole line; answers how many it has. */
function repair(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a+", 0o600);
  try {
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) ftruncateSync(file, end);
    let lines = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
    return lines;
  } finally {
    closeSync(file);
  }
}
