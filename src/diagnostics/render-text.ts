import { escapeCharacter } from "../util/visible-text.ts";
import type { Diagnostic, SourceRange } from "./diagnostic.ts";

/** The widest line that is printed, for messages the width at which nothing is done: a terminal wraps them. */
const WIDTH = 80;

/**
 * Prints diagnostics for people: place, severity, code and message, the line with a caret below the place, and what to do. `sources` are the
 * texts of the files by the names that the diagnostics use; without one the line is left out. Characters that a terminal acts upon,
 * reorders or hides are escaped.
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
): string {
  const lines = new Map<string, readonly string[]>();
  for (const [file, text] of sources)
    lines.set(file, text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/));
  return diagnostics
    .map((diagnostic) => renderOne(diagnostic, lines.get(diagnostic.file)))
    .join("\n");
}

function renderOne(diagnostic: Diagnostic, lines: readonly string[] | undefined): string {
  const { file, code, severity, message, remedy, range } = diagnostic;
  const { line, column } = range.start;
  const head = `${escapeHidden(file)}:${line}:${column}: ${severity} ${code}: ${escapeHidden(message)}\n`;
  const source = lines?.[line - 1];
  const excerpt = source === undefined ? "" : renderExcerpt(source, range);
  return `${head}${excerpt}${remedy === undefined ? "" : `  help: ${escapeHidden(remedy)}\n`}`;
}

function renderExcerpt(source: string, { start, end }: SourceRange): string {
  const gutter = `${String(start.line).padStart(5)} | `;
  const last = end.line === start.line ? end.column : source.length + 1;
  const room = WIDTH - gutter.length;
  const { text, offset } = windowAround(source, start.column - 1, room);
  const from = visible(text.slice(0, start.column - 1 - offset)).length;
  const marked = visible(
    text.slice(start.column - 1 - offset, Math.max(last - 1 - offset, 0)),
  ).length;
  const shown = visible(text).slice(0, room);
  const carets = "^".repeat(Math.max(1, Math.min(marked, room - from)));
  return `${gutter}${shown}\n${" ".repeat(gutter.length - 2)}| ${" ".repeat(Math.min(from, room - 1))}${carets}\n`;
}

/** The part of a long line in which the place stands about a third from the left. */
function windowAround(
  source: string,
  position: number,
  room: number,
): { readonly text: string; readonly offset: number } {
  if (visible(source.slice(0, WIDTH * 2)).length <= room && source.length <= room)
    return { text: source, offset: 0 };
  const offset = Math.max(0, Math.min(position - Math.floor(room / 3), source.length - room));
  return { text: source.slice(offset, offset + room), offset };
}

/** One column per character: ASCII and Latin letters as they are, everything else escaped. */
function visible(text: string): string {
  return text.replace(/[^\x20-\x7e\p{Script=Latin}]/gu, (character) =>
    character === "\t" ? " " : escapeCharacter(character),
  );
}

function escapeHidden(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, escapeCharacter);
}
