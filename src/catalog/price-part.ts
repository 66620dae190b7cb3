import { isPlainAscii } from "../util/is-plain-ascii.ts";
import type { MoneyMention } from "./money-mention.ts";

export type Interval = "month" | "year" | "week" | "day";

/** What an amount in a price text is for. */
export type PricePart =
  /** Paid every interval. `isBare` when only the interval follows the amount; else a word such as `base` or `minimum charge` does. `end` is where its words end. */
  | {
      readonly kind: "interval";
      readonly mention: MoneyMention;
      readonly interval: Interval;
      readonly isBare: boolean;
      readonly end: number;
    }
  /** Paid for each `unit`, e.g. `GB-month` or `1,000 requests`. */
  | { readonly kind: "rate"; readonly mention: MoneyMention; readonly unit: string }
  | { readonly kind: "unexplained"; readonly mention: MoneyMention };

const INTERVALS: Readonly<Record<string, Interval>> = {
  month: "month",
  mo: "month",
  monthly: "month",
  year: "year",
  yr: "year",
  yearly: "year",
  annum: "year",
  annually: "year",
  week: "week",
  wk: "week",
  weekly: "week",
  day: "day",
  daily: "day",
};

const PER = String.raw` ?\/ ?| per | (?:a|each|every) (?=month|year|week|day)`;
const INTERVAL = new RegExp(
  String.raw`^(?:(?:${PER})(month|mo|year|yr|annum|week|wk|day)| (monthly|yearly|annually|weekly|daily))\b`,
  "iu",
);
const QUALIFIER =
  /^ (?:base(?: fee| price)?|minimum(?: charge)?|flat fee|subscription)(?: per account)?/iu;
const BOUNDARY = /^(?:$| ?[,.;+](?!\d)| (?:plus|with|and)\b)/iu;
const UNIT_START = /^(?: ?\/ ?| per )/iu;
const UNIT_END = /(?: - | \u2013 | \u2014 |\. |\.$| and | or | plus | for | with | above\b)/iu;
/** `3 months` and `quarter` are no units of use, and no interval that a price has. */
const OTHER_INTERVAL = /^(?:\d+ )?(?:months?|years?|weeks?|days?|quarters?)$/iu;
const UNIT_MAX = 60;

/** Explains each amount by the words that follow it. The ends of a range, `$12-$15/1k`, share what follows the upper one. */
export function readPriceParts(
  text: string,
  mentions: readonly MoneyMention[],
): readonly PricePart[] {
  return mentions.map((mention, i) => {
    const upper = mentions[i + 1];
    const end = upper !== undefined && isRange(text, mention, upper) ? upper.end : mention.end;
    return readPricePart(text, mention, end);
  });
}

function isRange(text: string, lower: MoneyMention, upper: MoneyMention): boolean {
  return /^ ?[-\u2013\u2014] ?$/u.test(text.slice(lower.end, upper.start));
}

function readPricePart(text: string, mention: MoneyMention, end: number): PricePart {
  const rest = text.slice(end);
  const interval = INTERVAL.exec(rest);
  const name = INTERVALS[(interval?.[1] ?? interval?.[2] ?? "").toLowerCase()];
  if (interval !== null && name !== undefined) {
    const tail = rest.slice(interval[0].length);
    const qualifier = QUALIFIER.exec(tail)?.[0] ?? "";
    if (BOUNDARY.test(tail.slice(qualifier.length))) {
      const close = end + interval[0].length + qualifier.length;
      return { kind: "interval", mention, interval: name, isBare: qualifier === "", end: close };
    }
    if (!UNIT_START.test(tail)) return { kind: "unexplained", mention };
  }
  const unit = readUnit(rest);
  return unit === undefined ? { kind: "unexplained", mention } : { kind: "rate", mention, unit };
}

function readUnit(rest: string): string | undefined {
  const start = UNIT_START.exec(rest)?.[0];
  if (start === undefined) return undefined;
  const phrase =
    /^(?:\d{1,3}(?:,\d{3})+|[^,;:()\u00b7\u2022|+$\u20ac\u00a3])*/u.exec(
      rest.slice(start.length),
    )?.[0] ?? "";
  const cut = phrase.search(UNIT_END);
  const unit = (cut === -1 ? phrase : phrase.slice(0, cut)).trim();
  const hasLetter = (isPlainAscii(unit) ? /[A-Za-z]/ : /\p{L}/u).test(unit);
  return hasLetter && !OTHER_INTERVAL.test(unit) && unit.length <= UNIT_MAX ? unit : undefined;
}
