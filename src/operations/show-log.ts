import type { LogEntry } from "../log/event.ts";
import { readLog } from "../log/read-log.ts";
import { type StoryLine, tellEntry } from "../log/tell-entry.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { findLog, type LogQuery } from "./project-log.ts";
import type { Workplace } from "./workplace.ts";

export interface ShowLogQuery extends LogQuery {
  /** RFC 3339 time or a date; entries before it are left out. */
  readonly since?: string | undefined;
  /** The newest so many only. Default: all. */
  readonly limit?: string | undefined;
}

export interface ShownLog {
  /** Entries in the log. */
  readonly size: number;
  /** Oldest first. */
  readonly lines: readonly StoryLine[];
  /** The entries themselves, of the same lines. */
  readonly entries: readonly LogEntry[];
}

/** Tells the log as a story. It believes what it reads: whether that was changed is what {@link verifyProjectLog} says. */
export async function showLog(
  workplace: Workplace,
  query: ShowLogQuery,
): Promise<Outcome<ShownLog>> {
  const since = query.since === undefined ? 0 : Date.parse(query.since);
  const limit = query.limit === undefined ? Number.POSITIVE_INFINITY : Number(query.limit);
  if (Number.isNaN(since))
    return refuseValue("--since", "a time, such as 2026-11-24 or 2026-11-24T12:00:00Z");
  if (!(limit >= 1)) return refuseValue("--limit", "a number, 1 or more");
  const log = findLog(workplace, query);
  if ("ok" in log) return log;
  const all = readLog(log.home);
  const wanted = all.filter(({ at }) => Date.parse(at) >= since);
  const entries = wanted.slice(Math.max(0, wanted.length - limit));
  return succeed({ size: all.length, lines: entries.map(tellEntry), entries });
}

function refuseValue(option: string, form: string) {
  return refuse({
    kind: "usage",
    code: "wrong-usage",
    message: `\`${option}\` needs ${form}`,
    remedy: "See `supercargo log --help`.",
  });
}
