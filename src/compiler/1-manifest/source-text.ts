import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import { createLineMap } from "../../diagnostics/line-map.ts";

/** A file as it was read. `path` is how the user named it and appears in diagnostics. */
export type SourceFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly bytes: Uint8Array };

/** The most bytes of a manifest or guardrails file: 1 MiB. */
export const SOURCE_BYTES_MAX = 1_048_576;

/** What a reader cannot see, or what reorders what is seen. Variation selectors of emoji are harmless. */
const HIDDEN = String.raw`[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFF9-\uFFFD]--[\t\n\uFE0E\uFE0F]]`;
const HIDDEN_IN_TEXT = new RegExp(String.raw`\r(?!\n)|(?!\r)${HIDDEN}`, "gv");
const HIDDEN_IN_VALUE = new RegExp(HIDDEN, "v");
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/** More marks on one letter than any language uses (UAX 15, stream-safe text); normalising longer runs is quadratic. */
const MARKS = /\p{M}{31}/u;

/** The place of a whole file. */
export function fileLocation(file: string): SourceLocation {
  const start = { line: 1, column: 1 };
  return { file, path: "", range: { start, end: start } };
}

/**
 * Decodes and checks a file before anything parses it: size first and on bytes, then UTF-8 (a byte order mark is dropped), then hidden
 * characters and normalisation form C. Undefined, with errors reported, when the text must not be read.
 */
export function readSourceText(source: SourceFile, sink: BoundedSink): string | undefined {
  if (isTooLarge(source)) {
    const limit = SOURCE_BYTES_MAX;
    sink.report(createDiagnostic("SC1001", { limit }, fileLocation(source.path)));
    return undefined;
  }
  const text = decode(source, sink);
  if (text === undefined) return undefined;
  if (PLAIN.test(text)) return text;
  const lines = createLineMap(text);
  const at = (start: number, end: number): SourceLocation => ({
    file: source.path,
    path: "",
    range: lines.range(start, end),
  });
  const before = sink.errors;
  for (const { index, 0: character } of text.matchAll(HIDDEN_IN_TEXT))
    sink.fail(() =>
      createDiagnostic(
        "SC1003",
        { character: nameCharacter(character) },
        at(index, index + character.length),
      ),
    );
  if (sink.errors > before) return undefined;
  const marks = MARKS.exec(text);
  if (marks !== null) {
    const location = at(marks.index, marks.index + marks[0].length);
    sink.report(
      createDiagnostic("SC1003", { character: "more than 30 marks on one letter" }, location),
    );
    return undefined;
  }
  checkNormalised(text, at, sink);
  return sink.errors > before ? undefined : text;
}

/** The first hidden character of a value that escapes produced, as a phrase for SC1003. */
export function findHiddenCharacter(value: string): string | undefined {
  const match = HIDDEN_IN_VALUE.exec(value);
  if (match !== null) return nameCharacter(match[0]);
  return MARKS.test(value) ? "more than 30 marks on one letter" : undefined;
}

function isTooLarge(source: SourceFile): boolean {
  if ("bytes" in source) return source.bytes.byteLength > SOURCE_BYTES_MAX;
  const { text } = source;
  return text.length > SOURCE_BYTES_MAX || Buffer.byteLength(text) > SOURCE_BYTES_MAX;
}

function decode(source: SourceFile, sink: BoundedSink): string | undefined {
  if ("text" in source) return source.text.replace(/^\uFEFF/, "");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(source.bytes);
  } catch {
    const text = new TextDecoder().decode(source.bytes);
    const offset = text.indexOf("\uFFFD");
    const range = createLineMap(text).range(offset, offset + 1);
    sink.report(createDiagnostic("SC1002", {}, { file: source.path, path: "", range }));
    return undefined;
  }
}

function nameCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `the character U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Reports the first word of each line that changes when it is normalised. */
function checkNormalised(
  text: string,
  at: (start: number, end: number) => SourceLocation,
  sink: BoundedSink,
): void {
  if (text.normalize("NFC") === text) return;
  for (const { index, 0: word } of text.matchAll(/[^\s]+/gu)) {
    const normalised = word.normalize("NFC");
    if (normalised !== word)
      sink.fail(() =>
        createDiagnostic("SC1004", { text: word, normalised }, at(index, index + word.length)),
      );
  }
}
