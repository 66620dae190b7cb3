import { isPlainAscii } from "../util/is-plain-ascii.ts";
import { type Money, parseMoney } from "../util/money.ts";
import type { Price } from "./catalog.ts";
import { findMoneyMentions, type MoneyMention } from "./money-mention.ts";
import { type Interval, type PricePart, readPriceParts } from "./price-part.ts";

/** A longer text is not a price. */
const TEXT_MAX = 2000;

/** Offers with an end, a condition or an estimate: the amount beside them is not what will be paid. */
const CONDITIONAL =
  /\b(?:trial|introductory|promo\w*|discount\w*|coupons?|first|then|until|approx\w*|roughly|estimated?|waived|deposit|top[- ]?ups?|(?:billed|paid) (?:yearly|quarterly|upfront|in advance)|annual(?:ly)?|commitment|one[- ]time|one-off|set-?up fee|% off)\b|[~\u2248]/iu;

/** Words that say: what is used is charged on top. */
const BY_USE =
  /\b(?:usage|metered|overages?|pay[- ]as[- ]you[- ]go|additional charges?|billed per)\b/iu;

/** What makes the amount after it a bound or a guess. */
const HEDGED =
  /(?:\b(?:from|starting at|starts at|start at|starting|as low as|up to|at least|at most|less than|more than|under|over|between|about|around|est|min|minimum|max|maximum|save|was)\b\.?:?|[<>\u2264\u2265])\s*$/iu;

/**
 * Reads a catalogue's price text. `detail` is the description that stands beside it, which may add charges to the text.
 *
 * It never guesses: `fixed`, `one-time` and `free` mean that the whole text was understood and the detail adds nothing; `usage` means that
 * unit rates, or a fixed part with usage on top, are stated, and `minimum` is the fixed part. Everything else is `unknown`.
 */
export function parsePrice(text: string, detail = ""): Price {
  const unknown: Price = { kind: "unknown", text };
  const main = normalise(text);
  const more = normalise(detail);
  if (main === undefined || more === undefined) return unknown;
  const understood = parseFlatPrice(main);
  if (understood !== undefined && isHarmless(more)) return understood;
  // Words beside a price by use explain it; money in them is charged on top.
  const isMore = understood !== undefined || findMoneyMentions(more)?.length !== 0;
  const whole = more === "" || !isMore ? main : `${main}. ${more}`;
  return parseUsagePrice(whole, more) ?? unknown;
}

/** One kind of space, no hidden characters, ASCII digits only; undefined when the text cannot be shown to a person as it is. */
function normalise(text: string): string | undefined {
  if (text.length > TEXT_MAX) return undefined;
  if (isPlainAscii(text)) return text.replace(/[ \t\r\n]+/g, " ").trim();
  const spaced = text.replace(/[\p{Zs}\t\r\n]+/gu, " ").trim();
  return /[\p{C}\p{Zl}\p{Zp}]|(?![0-9])\p{Nd}/u.test(spaced) ? undefined : spaced;
}

/** Words that may change what an amount beside them comes to. */
const CHANGES_AMOUNT =
  /\b(?:extra|additional|bill(?:ed|ing)|charge[ds]?|seats?|users?|members?|per|each|minimum|annual(?:ly)?|yearly|contracts?|commit\w*|renew\w*)\b/iu;

/** The detail names no money, no use, no condition and nothing else that may change the amount. */
function isHarmless(detail: string): boolean {
  return (
    !BY_USE.test(detail) &&
    !CONDITIONAL.test(detail) &&
    !CHANGES_AMOUNT.test(detail) &&
    findMoneyMentions(detail)?.length === 0
  );
}

const ONE_TIME_AFTER =
  /^ (?:one[- ]time|once|one-off)(?: (?:payment|purchase|charge|fee))?(?: per (?<per>[a-z]{1,30}))?$/iu;
const ONE_TIME_BEFORE =
  /^(?:one[- ]time|one-off)(?: (?:payment|purchase|charge|fee))?(?: of|:)? $/iu;

/** The forms in which the amount is all there is to pay. */
function parseFlatPrice(text: string): Price | undefined {
  const body = text.replace(/\.$/u, "");
  if (/^free(?: tier| plan)?$/iu.test(body)) return { kind: "free" };
  const [mention] = findMoneyMentions(body) ?? [];
  if (mention === undefined) return undefined;
  const amount = parseMoney(`${mention.amount} ${mention.currency}`);
  if (amount === undefined) return undefined;
  const before = body.slice(0, mention.start);
  const after = body.slice(mention.end);
  const [part] = readPriceParts(body, [mention]);
  if (before === "" && part?.kind === "interval" && part.end === body.length && part.isBare)
    return amount.minor === 0n
      ? { kind: "free" }
      : { kind: "fixed", amount, interval: part.interval };
  const oneTime = ONE_TIME_AFTER.exec(after);
  if (before === "" && oneTime !== null)
    return { kind: "one-time", amount, per: oneTime.groups?.per?.toLowerCase() ?? "purchase" };
  if (ONE_TIME_BEFORE.test(before) && after === "")
    return { kind: "one-time", amount, per: "purchase" };
  return undefined;
}

/** Unit rates, with at most one fixed part (a range of it is two); undefined when any amount in the text remains unexplained. */
function parseUsagePrice(text: string, detail: string): Price | undefined {
  if (CONDITIONAL.test(text) || CONDITIONAL.test(detail)) return undefined;
  const mentions = findMoneyMentions(text);
  if (mentions === undefined || mentions.length === 0) return undefined;
  if (new Set(mentions.map(({ currency }) => currency)).size > 1) return undefined;
  if (mentions.some(({ start }) => HEDGED.test(text.slice(0, start)))) return undefined;
  const parts = readPriceParts(text, mentions);
  const rates = parts.filter((part) => part.kind === "rate");
  const [base, ...otherBases] = parts.filter((part) => part.kind === "interval");
  if (parts.some((part) => part.kind === "unexplained") || otherBases.length > 0) return undefined;
  if (rates.length === 0 && !BY_USE.test(text)) return undefined;
  const shown = rates.map(({ mention, unit }) => ({
    amount: mention.amount,
    currency: mention.currency,
    unit,
  }));
  if (base === undefined) return { kind: "usage", rates: shown };
  const minimum = isAlternative(text, mentions) ? undefined : toMinimum(base);
  return minimum && { kind: "usage", rates: shown, minimum };
}

/** `$10/month or $0.10 per call`: then the monthly amount is no lower bound. */
function isAlternative(text: string, mentions: readonly MoneyMention[]): boolean {
  return mentions.some(({ start }) => /\bor\s*$/iu.test(text.slice(0, start)));
}

function toMinimum(
  part: Extract<PricePart, { kind: "interval" }>,
): { readonly amount: Money; readonly interval: Extract<Interval, "month" | "year"> } | undefined {
  const amount = parseMoney(`${part.mention.amount} ${part.mention.currency}`);
  if (amount === undefined || part.interval === "week" || part.interval === "day") return undefined;
  return { amount, interval: part.interval };
}
