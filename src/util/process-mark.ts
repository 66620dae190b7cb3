import { memberAt } from "./json-access.ts";
import { isAlive, startedAt } from "./process-identity.ts";

/** A process, told from a later one with the same id by its start. */
export interface ProcessMark {
  readonly pid: number;
  /** Milliseconds since the epoch; absent where it cannot be told. */
  readonly startedAt?: number | undefined;
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

/** A mark that was written down as JSON; undefined when it is none. */
export function readMark(value: unknown): ProcessMark | undefined {
  const pid = memberAt(value, "pid");
  const start = memberAt(value, "startedAt");
  if (typeof pid !== "number") return undefined;
  return { pid, startedAt: typeof start === "number" ? start : undefined };
}
