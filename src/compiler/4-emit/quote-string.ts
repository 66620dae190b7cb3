/**
 * Text as a double-quoted TypeScript string literal in printable ASCII; the only way in which text of a manifest gets into generated
 * code. What is outside ASCII, and every control character, becomes an escape, so no character can end the literal, reorder the line
 * or hide.
 */
export function quoteString(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
