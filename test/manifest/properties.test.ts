import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderSarif } from "../../src/diagnostics/render-sarif.ts";
import { renderText } from "../../src/diagnostics/render-text.ts";
import { manifestArbitrary, manifestDataArbitrary, printYaml } from "../arbitraries/manifest.ts";
import { read, readRules } from "./read-text.ts";

/** Whether a place is inside a text, by counting anew. */
function isInside({ range: { start, end } }: Diagnostic, text: string): boolean {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const exists = ({ line, column }: typeof start): boolean =>
    line >= 1 && column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
  const ordered = start.line < end.line || (start.line === end.line && start.column <= end.column);
  return exists(start) && exists(end) && ordered;
}

function checkFindings(text: string): void {
  for (const { value, diagnostics } of [read(text), readRules(text)]) {
    expect(value === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    for (const diagnostic of diagnostics) expect(isInside(diagnostic, text)).toBe(true);
    renderText(diagnostics, new Map([["supercargo.yaml", text]]));
    renderSarif(diagnostics, "0");
  }
}

/** Pieces that YAML and manifests are made of. */
const FRAGMENTS = [
  ..."[]{},:?-#&*!|>'\"%@`~ \n\t\\",
  ...[
    "\n  ",
    "\n    ",
    ": ",
    "- ",
    "? ",
    "---\n",
    "...\n",
    "|\n ",
    "\\u202e",
    "\\x00",
    "\r\n",
    "\r",
  ],
  ...["apiVersion", "supercargo/v1", "name", "resources", "kind", "app", "source", "stacks"],
  ...["<<", "__proto__", "null", "true", "0x1F", ".inf", "1e3", "\u0301", "\u202e", "\u{1f6d2}"],
];

describe("reading, whatever the input", () => {
  test("arbitrary bytes give a manifest or an error and never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { value, codes } = read(bytes);
        expect(value !== undefined || codes.length > 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("arbitrary text has its findings inside it", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), checkFindings), {
      numRuns: 2000,
    });
  });

  test("pieces of YAML in any order have their findings inside them", () => {
    const text = fc
      .array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 })
      .map((fragments) => fragments.join(""));
    fc.assert(fc.property(text, checkFindings), { numRuns: 5000 });
  });

  test("a sound manifest with a piece cut out, doubled or replaced has its findings inside it", () => {
    fc.assert(
      fc.property(
        manifestArbitrary,
        fc.nat(),
        fc.nat(30),
        fc.constantFrom("", ...FRAGMENTS),
        fc.boolean(),
        (text, at, length, fragment, isDoubled) => {
          const start = at % (text.length + 1);
          const piece = text.slice(start, start + length);
          const middle = isDoubled ? piece + piece : fragment;
          checkFindings(text.slice(0, start) + middle + text.slice(start + length));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("sound manifests", () => {
  test("are read without errors, in block style and as JSON alike", () => {
    fc.assert(
      fc.property(manifestDataArbitrary, (data) => {
        const block = read(printYaml(data));
        const json = read(JSON.stringify(data));
        expect(block.codes).toEqual([]);
        expect(json.codes).toEqual([]);
        expect(block.value?.data).toEqual(json.value?.data);
      }),
      { numRuns: 300 },
    );
  });

  test("say what their author wrote", () => {
    fc.assert(
      fc.property(manifestDataArbitrary, (data) => {
        const { value } = read(printYaml(data));
        const names = Object.keys(data.resources);
        expect(Object.keys(value?.data.resources ?? {})).toEqual(names);
        for (const name of names) {
          const written: Readonly<Record<string, unknown>> = data.resources[name] ?? {};
          const stated = Object.fromEntries(
            ["kind", "env", "content", "bind", "service"]
              .filter((key) => Object.hasOwn(written, key))
              .map((key) => [key, written[key]]),
          );
          expect(value?.data.resources[name]).toMatchObject(stated);
        }
      }),
      { numRuns: 300 },
    );
  });
});
