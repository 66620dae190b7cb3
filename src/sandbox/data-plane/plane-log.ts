import { appendFileSync, rmSync, statSync } from "node:fs";
import type { Log, LogLevel } from "miniflare";

/** Takes one line about a Worker or about workerd. */
export type LineSink = (line: string) => void;

/** A log file starts anew beyond this size. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Appends lines to a file. */
export function createFileSink(file: string): LineSink {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FILE_BYTES_MAX) rmSync(file);
  return (line) => {
    try {
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A log that cannot be written must not stop an app, and the folder may be gone at the end.
    }
  };
}

/** miniflare's logger over a sink: nothing goes to the console, and an error is a line, not an exception. */
export function createPlaneLog(base: typeof Log, level: LogLevel, sink: LineSink): Log {
  class PlaneLog extends base {
    override log(message: string): void {
      sink(message);
    }
    override error(error: Error): void {
      sink(error.stack ?? error.message);
    }
  }
  return new PlaneLog(level);
}
