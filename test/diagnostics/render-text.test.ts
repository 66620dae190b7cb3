import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDiagnostic } from "../../src/diagnostics/catalogue.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { createLineMap } from "../../src/diagnostics/line-map.ts";
import { renderText } from "../../src/diagnostics/render-text.ts";

function diagnose(text: string, start: number, end: number, file = "supercargo.yaml"): Diagnostic {
  const range = createLineMap(text).range(start, end);
  return createDiagnostic("SC2010", { value: "X" }, { file, path: "", range });
}

/** What is rendered for a place in a text, line by line. */
function render(text: string, start: number, end: number): readonly string[] {
  const sources = new Map([["supercargo.yaml", text]]);
  return renderText([diagnose(text, start, end)], sources).split("\n");
}

describe("renderText", () => {
  test("shows place, code, message, source line, caret and remedy", () => {
    expect(render("a: b\nXy: c\n", 5, 7)).toEqual([
      "supercargo.yaml:2:1: error SC2010: `X` is not a valid name",
      "    2 | Xy: c",
      "      | ^^",
      "  help: start with a lower-case letter and use lower-case letters, digits and hyphens, at most 63 characters",
      "",
    ]);
  });

  test("points at the first line of a place of several lines", () => {
    expect(render("abc: |\n  d\n", 5, 10).slice(1, 3)).toEqual([
      "    1 | abc: |",
      "      |      ^",
    ]);
  });

  test("cuts a long line to a window of 80 columns around the place", () => {
    const text = `${"a".repeat(500)}XYZ${"b".repeat(500)}`;
    const [, line = "", caret = ""] = render(text, 500, 503);
    expect(line.length).toBe(80);
    expect(caret.indexOf("^")).toBe(line.indexOf("XYZ"));
    expect(caret.trimEnd()).toMatch(/\^\^\^$/);
  });

  test("keeps the caret below the place where characters before it are escaped", () => {
    const text = "\u4e2d\u{1f6d2}\u202e\t\u00e9 X";
    const [, line = "", caret = ""] = render(text, text.length - 1, text.length);
    expect(line).toBe("    1 | \\u{4e2d}\\u{1f6d2}\\u{202e} \u00e9 X");
    expect(caret.indexOf("^")).toBe(line.indexOf("X"));
  });

  test("leaves out the line of a file whose text it does not have", () => {
    expect(renderText([diagnose("abc", 0, 1)], new Map()).split("\n")).toHaveLength(3);
  });

  test("prints no character that a terminal acts upon, hides or reorders, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.nat(300),
        fc.nat(300),
        fc.string({ unit: "binary", maxLength: 20 }),
        (text, start, length, file) => {
          const diagnostic = diagnose(text, start, start + length, file);
          const lines = renderText([diagnostic], new Map([[file, text]])).split("\n");
          for (const line of lines) expect(line).toMatch(/^[\x20-\x7e\p{Script=Latin}]*$/u);
          for (const line of lines.slice(1, 3)) expect(line.length).toBeLessThanOrEqual(80);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("createLineMap", () => {
  test("counts lines and columns from 1, in UTF-16 code units", () => {
    const { position } = createLineMap("a\r\n\u{1f6d2}b\n\nc");
    expect([0, 1, 3, 5, 7, 8, 9].map(position)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
      { line: 4, column: 2 },
    ]);
  });

  test("keeps every place inside the text", () => {
    const { position } = createLineMap("ab\n");
    expect(position(-5)).toEqual({ line: 1, column: 1 });
    expect(position(99)).toEqual({ line: 2, column: 1 });
  });
});
