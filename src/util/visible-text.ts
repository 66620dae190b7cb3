/**
 * Prints any text with visible ASCII characters only: everything else, and the back-quote, becomes `\u{...}`. What a
 * terminal would act upon, reorder or hide can therefore not be in the result.
 */
export function toVisibleAscii(text: string): string {
  return text.replace(/[^\x20-\x5f\x61-\x7e]/gu, escapeCharacter);
}

/** The code point of a character's escape, `\u{202e}`; lone surrogates included. */
export function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Text in back-quotes for a message: {@link toVisibleAscii}, cut in the middle at `limit` characters. */
export function quoteText(text: string, limit = 60): string {
  const visible = toVisibleAscii(text.length > limit ? shorten(text, limit) : text);
  return `\`${visible.length > 2 * limit ? shorten(visible, 2 * limit) : visible}\``;
}

function shorten(text: string, limit: number): string {
  const half = Math.floor((limit - 3) / 2);
  return `${text.slice(0, half)}...${text.slice(text.length - half)}`;
}
