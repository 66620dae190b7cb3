import { quoteText, toVisibleAscii } from "../util/visible-text.ts";

/** Longest text in one place; what is longer loses its middle. */
const LENGTH_MAX = 160;
const MESSAGE_MAX = 1000;

/**
 * Any text as Markdown that shows it and does nothing: visible ASCII in a code span, where no markup, link, mention or HTML is read. The
 * back-quote is among what becomes visible, so the span cannot be left.
 */
export function toCode(text: string, limit: number = LENGTH_MAX): string {
  return text.trim() === "" ? "(empty)" : quoteText(text, limit);
}

/** The same in a cell of a table, where the bar must be escaped even in code. */
export function toCell(text: string, limit: number = LENGTH_MAX): string {
  return toCode(text, limit).replaceAll("|", "\\|");
}

/**
 * A message of a diagnostic, not for tables: our words, with the user's text in back-quotes, which stays code. Everything else is made
 * harmless, whatever it is.
 */
export function toSentence(message: string): string {
  if (message.length > MESSAGE_MAX) return toCode(message);
  return message
    .split("`")
    .map((part, i) => (i % 2 === 1 ? toCode(part) : escapeWords(toVisibleAscii(part))))
    .join("");
}

function escapeWords(text: string): string {
  return text.replace(/[\\*_[\]<>#|!~&@$:]/gu, "\\$&");
}
