import { parseDuration } from "../../util/duration.ts";
import { remember } from "../../util/remember.ts";

const DAY_MS = 86_400_000;
const nameDay = remember((day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10));
const nameMonth = remember((ordinal: number) => monthOf(Date.UTC(0, ordinal, 1)));

/** `2026-11-10` of milliseconds since the epoch, UTC. */
function dayOf(milliseconds: number): string {
  return nameDay(Math.floor(milliseconds / DAY_MS));
}

/** `2026-11` of milliseconds since the epoch, UTC. */
export function monthOf(milliseconds: number): string {
  return dayOf(milliseconds).slice(0, 7);
}

/** The month `count` after one. */
export function addMonths(month: string, count: number): string {
  // As months of the year 1900, which is year 0 of `Date.UTC`.
  return nameMonth((Number(month.slice(0, 4)) - 1900) * 12 + Number(month.slice(5, 7)) - 1 + count);
}

/** Months from one to another. */
export function monthsBetween(from: string, to: string): number {
  const ordinal = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return ordinal(to) - ordinal(from);
}

/** The part of an account's name that a window of the guardrails has at a time: `2026-11-10` of `day`, `2026-11` of `month`, `last-24h` of `24h`. */
export function nameWindow(window: string, now: number): string {
  if (window === "day") return dayOf(now);
  return window === "month" ? monthOf(now) : `last-${window}`;
}

/** Milliseconds after which what was spent under a rolling account is available again; undefined for every other account. */
export function rollingLength(account: string): number | undefined {
  return lengthOf(account.slice(account.lastIndexOf("/") + 1));
}

const lengthOf = remember((name: string) =>
  name.startsWith("last-") ? parseDuration(name.slice("last-".length)) : undefined,
);

interface Span {
  readonly start: number;
  readonly end: number;
  readonly month: string;
}

/** The calendar window of an account whose name ends in one; `month` is the month that it is, or is in. Times are milliseconds since the epoch. */
export function spanOf(account: string): Span | undefined {
  return readSpan(account.slice(account.lastIndexOf("/") + 1));
}

const readSpan = remember((name: string): Span | undefined => {
  const month = name.slice(0, 7);
  if (/^\d{4}-\d{2}$/.test(name))
    return { ...between(`${name}-01`, `${addMonths(name, 1)}-01`), month };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) return undefined;
  const start = Date.parse(name);
  return { start, end: start + DAY_MS, month };
});

/** An account in the calendar window that a time lies in: `total/2026-12` of `total/2026-11`. Undefined of an account without a calendar window. */
export function moveToWindow(account: string, now: number): string | undefined {
  if (spanOf(account) === undefined) return undefined;
  const base = account.slice(0, account.lastIndexOf("/") + 1);
  const isMonth = account.length - base.length === "2026-11".length;
  return base + nameWindow(isMonth ? "month" : "day", now);
}

function between(from: string, to: string): { readonly start: number; readonly end: number } {
  return { start: Date.parse(from), end: Date.parse(to) };
}

const nameTime = remember((milliseconds: number) => new Date(milliseconds).toISOString());

/**
 * What an account runs over, for people: `2026-11`, a run, `all`. A rolling window never ends, so its time is cut into stretches of its length: `last-24h until
 * 2026-11-11T00:00:00.000Z`.
 */
export function stretchOf(account: string, now: number): string {
  if (account === "commitments" || account.startsWith("count/")) return "all";
  const name = account.slice(account.lastIndexOf("/") + 1);
  const length = rollingLength(account);
  if (length === undefined) return name;
  return `${name} until ${nameTime((Math.floor(now / length) + 1) * length)}`;
}
