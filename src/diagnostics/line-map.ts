import type { SourcePosition, SourceRange } from "./diagnostic.ts";

/** Turns offsets of a text into lines and columns. */
export interface LineMap {
  /** `offset` in UTF-16 code units; one outside the text is moved to its nearest end, one inside a line end to its start. */
  position(offset: number): SourcePosition;
  range(start: number, end: number): SourceRange;
}

/** Lines end with LF, CR LF or CR. Building is linear, a look-up logarithmic. */
export function createLineMap(text: string): LineMap {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  const position = (offset: number): SourcePosition => {
    let inside = Math.max(0, Math.min(offset, text.length));
    if (text[inside - 1] === "\r" && text[inside] === "\n") inside -= 1;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
  };
  return {
    position,
    range: (start, end) => ({ start: position(start), end: position(Math.max(start, end)) }),
  };
}
