import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { composeYaml } from "../../src/compiler/1-manifest/compose-yaml.ts";
import { type LocatedData, toPlainData } from "../../src/compiler/1-manifest/plain-data.ts";
import { readSimpleYaml } from "../../src/compiler/1-manifest/read-simple-yaml.ts";
import { boundSink } from "../../src/diagnostics/bounded-sink.ts";
import { createLineMap } from "../../src/diagnostics/line-map.ts";
import { manifestDataArbitrary, printYaml } from "../arbitraries/manifest.ts";
import { describeCorpus } from "./shared-corpus.ts";

/** What the library reads, which is what counts. */
function readWithLibrary(text: string): LocatedData | undefined {
  const found: string[] = [];
  const sink = boundSink({ report: ({ code }) => void found.push(code) });
  const lines = createLineMap(text);
  const at = (start: number, end: number) => ({
    file: "supercargo.yaml",
    path: "",
    range: lines.range(start, end),
  });
  const document = composeYaml(text, at, sink);
  const located = document && toPlainData(document, at, sink);
  expect(found, text).toEqual([]);
  return located;
}

/** Compares the two where the text is simple, which the answer tells. */
function checkSame(text: string): boolean {
  const simple = readSimpleYaml(text);
  if (simple !== undefined) expect(simple, text).toEqual(readWithLibrary(text));
  return simple !== undefined;
}

const readTemplate = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../../templates", name, "supercargo.yaml"), "utf8");

/** Every form that is read simply. */
const FORMS = `# first
a: 1

b:   two words # said
# between
c: { d: 'e f', g: [h, {i: "j"}, []], k: {} }

l:
- m
-   [n, http://o/p?q#r]

s:
    t:
        - u:v
        - $\{w.x}/*

    # last
    y: ~
z: "#"
# end
`;

describe("simple YAML is read as the library reads it", () => {
  test.each([
    ["every form", FORMS],
    ["the storefront", readTemplate("storefront")],
    ["the minimal template", readTemplate("minimal")],
    ["no final line end", "a:\n  b: c"],
    ["spaces at the end", "a: b  \nc:  \n  - d  \n"],
  ])("%s", (_, text) => {
    expect(checkSame(text)).toBe(true);
  });

  test("a generated manifest", () => {
    const isSimple: boolean[] = [];
    fc.assert(
      fc.property(manifestDataArbitrary, (data) => {
        isSimple.push(checkSame(printYaml(data)));
      }),
    );
    expect(isSimple).toContain(true);
  });

  test("a text with changes at random", () => {
    const pieces = fc.oneof(
      fc.constantFrom(..."[]{},:?-#&*!|>'\"%@`~ \n\\a1.$"),
      fc.constantFrom("\n  ", "\n    ", ": ", "- ", " #", "# x\n", "  # x\n", "    # x\n", "\n\n"),
      fc.constantFrom("{}", "[]", "{a: b}", "a:\n", "  b: c\n", "  - d\n", "---\n", "...\n", "-5"),
    );
    const changes = fc.array(fc.tuple(fc.nat(600), fc.nat(3), pieces), { maxLength: 4 });
    const texts = fc.constantFrom(FORMS, readTemplate("storefront"), readTemplate("minimal"));
    fc.assert(
      fc.property(texts, changes, (text, edits) => {
        let changed = text;
        for (const [at, removed, piece] of edits)
          changed = changed.slice(0, at) + piece + changed.slice(at + removed);
        checkSame(changed);
      }),
      { numRuns: 3_000 },
    );
  });
});

test.each([
  ["an empty text", ""],
  ["a list", "- a\n"],
  ["nothing behind a key", "a:\nb: c\n"],
  ["a key twice", "a: b\na: c\n"],
  ["a reserved key", "constructor: b\n"],
  ["a value over two lines", "a: b\n  c\n"],
  ["a comment that belongs to neither side", "a:\n  b: c\n    # d\ne: f\n"],
  ["an escape", 'a: "\\x41"\n'],
  ["an anchor", "a: &b c\n"],
  ["a block text", "a: |\n  b\n"],
  ["a form that versions read differently", "a: 0x1F\n"],
  ["more than ASCII", "a: \u00e9\n"],
  ["a tab", "a:\tb\n"],
  ["seventeen levels", `a: ${"[".repeat(17)}${"]".repeat(17)}\n`],
])("%s is left to the library", (_, text) => {
  expect(readSimpleYaml(text)).toBeUndefined();
});

describeCorpus("yaml-test-suite", (files) => {
  test("is read alike", () => {
    const cases = [...files.values()].flatMap((bytes) => {
      const text = bytes.toString();
      return [text, ...(parse(text) as { yaml?: string }[]).map(({ yaml = "" }) => yaml)];
    });
    expect(cases.filter(checkSame).length).toBeGreaterThan(10);
  });
});

describeCorpus("naughty-strings.json", (files) => {
  const strings = JSON.parse(String([...files.values()][0])) as readonly string[];

  test("are read alike as keys and values, in lists and brackets", () => {
    const texts = strings
      .flatMap((string) => [string, JSON.stringify(string)])
      .flatMap((text) => [
        `a:\n  b: ${text}\n`,
        `a:\n  - ${text}\nb: c\n`,
        `a: { b: ${text} }\n`,
        `a: [${text}, b]\n`,
        `${text}: a\n`,
        `a: b\n${text}\n`,
      ]);
    expect(texts.filter(checkSame).length).toBeGreaterThan(strings.length);
  });
});
