import { isPlainAscii } from "../util/is-plain-ascii.ts";

/** An amount of money as it stands in prose. */
export interface MoneyMention {
  /** Digits with an optional decimal point, thousands separators removed. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Offsets of the mention in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** `$` alone is the US dollar: the catalogue's owner bills and caps in it (protocol, section 1.8). */
const SYMBOLS: Readonly<Record<string, string>> = {
  $: "USD",
  US$: "USD",
  "€": "EUR",
  "£": "GBP",
};

const CODES =
  "AED|AUD|BHD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|KWD|MXN|NOK|NZD|PLN|SEK|SGD|THB|TRY|USD|ZAR";
const AMOUNT = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d{1,12})?|\d{1,12}(?:\.\d{1,12})?`;

/** Letters, digits and signs of currencies, as they stand in a class of characters. */
interface Alphabet {
  readonly letters: string;
  readonly digits: string;
  readonly signs: string;
}
const UNICODE: Alphabet = { letters: "\\p{L}", digits: "\\p{N}", signs: "\\p{Sc}" };
/** What those classes have of ASCII: V8 takes a hundred times as long to compile the large ones, and nearly every text is ASCII. */
const ASCII: Alphabet = { letters: "A-Za-z", digits: "0-9", signs: "$" };

function createMention({ letters, digits, signs }: Alphabet): RegExp {
  // What may not stand around an amount: more digits, a magnitude (`5M`), a percentage.
  const before = `(?<![${letters}${digits}${signs}.,])`;
  const after = String.raw`(?![${letters}${digits}%]|[.,]\d)`;
  return new RegExp(
    `${before}(?:${[
      String.raw`(?<symbol>US\$|[$€£]) ?(?<amount1>${AMOUNT})${after}(?: (?<echo>${CODES})\b)?`,
      `(?<code2>${CODES}) ?(?<amount2>${AMOUNT})${after}`,
      String.raw`(?<!\d )(?<amount3>${AMOUNT}) ?(?:(?<code3>${CODES})\b|(?<symbol3>[€£])${after})`,
    ].join("|")})`,
    "gu",
  );
}

/** Patterns are compiled when they are used first. */
const PATTERNS = {
  ascii: { mention: createMention(ASCII), sign: /\$/gu },
  unicode: { mention: createMention(UNICODE), sign: /\p{Sc}/gu },
} as const;

/**
 * Finds every amount with its currency. Gives undefined when the text holds money that this grammar does not read: another currency
 * symbol, `CA$`, `$1.5k`, `$1,00`, `-$5`, or a symbol and a code that disagree.
 */
export function findMoneyMentions(text: string): readonly MoneyMention[] | undefined {
  const mentions: MoneyMention[] = [];
  const { mention, sign } = PATTERNS[isPlainAscii(text) ? "ascii" : "unicode"];
  for (const match of text.matchAll(mention)) {
    const groups = match.groups ?? {};
    const symbol = groups.symbol ?? groups.symbol3;
    const fromSymbol = symbol === undefined ? undefined : SYMBOLS[symbol];
    const code = groups.echo ?? groups.code2 ?? groups.code3 ?? fromSymbol ?? "";
    if (fromSymbol !== undefined && code !== fromSymbol) return undefined;
    if (isNegative(text, match.index)) return undefined;
    const digits = groups.amount1 ?? groups.amount2 ?? groups.amount3 ?? "";
    mentions.push({
      amount: digits.replaceAll(",", ""),
      currency: code,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return coversEvery(sign, text, mentions) ? mentions : undefined;
}

/** A dash glued to the amount and not to what stands before it. */
function isNegative(text: string, start: number): boolean {
  return /(?:^|[\s(])[-\u2010-\u2015\u2212]$/u.test(text.slice(Math.max(0, start - 2), start));
}

function coversEvery(sign: RegExp, text: string, mentions: readonly MoneyMention[]): boolean {
  for (const { index } of text.matchAll(sign))
    if (!mentions.some(({ start, end }) => start <= index && index < end)) return false;
  return true;
}
