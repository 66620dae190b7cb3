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
  export(): Promise<void>;
}

/** Where the entries are, in order. */
export interface LogSource {
  /** How many there are. */
  size(): Promise<number>;
  /** From one on. */
  entries(from: number): Promise<readonly string[]>;
}

/** Opens `<folder>/events.jsonl`. A line that a crash cut off is taken away and written again from the table. */
export function openLogFile(source: LogSource, path: string): LogFile {
  let next: number | undefined;
  let last: Promise<void> = Promise.resolve();
  const bringUp = async (): Promise<void> => {
    next ??= repair(path);
    const size = await source.size();
    if (next > size) throw new LogAheadError();
    if (next === size) return;
    const count = next;
    const lines = (await source.entries(count)).map((entry) => `${entry}\n`);
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
  };
  return {
    export() {
      last = last.then(bringUp, bringUp);
      return last;
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
