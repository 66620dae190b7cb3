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

/**
 * Opens `<folder>/events.jsonl`. A line that a crash cut off is taken away and written again from the table. An older writer that brings the file up while its
 * successor does writes the same bytes in the same place.
 */
export function openLogFile(source: LogSource, path: string): LogFile {
  let known: Extent | undefined;
  let last: Promise<void> = Promise.resolve();
  const bringUp = async (): Promise<void> => {
    const before = known ?? repair(path);
    known = before;
    const size = await source.size();
    if (before.lines > size) throw new LogAheadError();
    if (before.lines === size) return;
    const entries = await source.entries(before.lines);
    const text = Buffer.from(entries.map((entry) => `${entry}\n`).join(""));
    known = undefined;
    const file = openSync(path, "r+");
    try {
      writeAt(file, text, before.bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    known = { lines: before.lines + entries.length, bytes: before.bytes + text.length };
  };
  return {
    export() {
      last = last.then(bringUp, bringUp);
      return last;
    },
  };
}

/** Whole lines at the beginning of the file. */
interface Extent {
  readonly lines: number;
  readonly bytes: number;
}

/** Goes on after a short write. */
function writeAt(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

/** Makes the file end with a whole line; answers what it has. */
function repair(path: string): Extent {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a+", 0o600);
  try {
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) ftruncateSync(file, end);
    let lines = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
    return { lines, bytes: end };
  } finally {
    closeSync(file);
  }
}
