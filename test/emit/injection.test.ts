import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import type { Lowered, LoweredPart, LoweredValue } from "../../src/adapters/vendors/contract.ts";
import type { EmitInput } from "../../src/compiler/4-emit/emit-input.ts";
import { emitOpentofu } from "../../src/compiler/4-emit/opentofu/emit-opentofu.ts";
import { OPENTOFU_FILE } from "../../src/compiler/4-emit/opentofu/opentofu-file.ts";
import { emitPulumi } from "../../src/compiler/4-emit/pulumi/emit-pulumi.ts";
import { buildStandIns, compileText, manifestWith, textOf } from "../compile/compile-text.ts";
import { describeCorpus } from "../manifest/shared-corpus.ts";
import { readTemplates } from "./read-template.ts";

/** Ways out of a literal, a comment, a template, a property key or a line; and characters that hide or reorder text. */
const NAUGHTY: readonly string[] = [
  '"); process.exit(1); ("',
  "'); process.exit(1); ('",
  "`$\u007bprocess.exit(1)}`",
  "$\u007bprocess.exit(1)}",
  "\\",
  '\\"',
  '\\\\"); x("',
  "*/ process.exit(1); /*",
  "// comment\nprocess.exit(1);",
  "\r\nprocess.exit(1);\r\n",
  "\u2028process.exit(1)\u2029",
  "\u0085process.exit(1)",
  "\0\b\t\v\f\x1b[2J\x7f",
  "</script><!-- -->",
  "\u202e\u2066// safe\u2069\u202c",
  "\u200b\u200d\ufeff\u00ad",
  "\ud800 lone \udc00",
  "\u{1f6d2}\u{10ffff}",
  "__proto__",
  "constructor",
  "$\u007bnothing.domain}",
  "#!/usr/bin/env node",
  "x".repeat(5000),
];

/** Where the kinds of tokens follow each other; text and numbers do not count, and nothing else may come from data. */
function shapeOf(program: string): string {
  const scanner = ts.createScanner(
    ts.ScriptTarget.ESNext,
    false,
    ts.LanguageVariant.Standard,
    program,
  );
  const shape: string[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.NewLineTrivia || kind === ts.SyntaxKind.WhitespaceTrivia) continue;
    const isLiteral = kind === ts.SyntaxKind.StringLiteral;
    shape.push(isLiteral ? "text" : scanner.getTokenText());
  }
  // The digests are those of the input. A list that breaks gets a comma behind its last item, and the key `__proto__` brackets.
  return shape
    .join(" ")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "digest")
    .replaceAll(/, (?=[)\]}])/g, "")
    .replaceAll("{ [ text ] :", "{ text :");
}

function replaceTexts(value: LoweredValue, text: string): LoweredValue {
  if (typeof value === "string") return text;
  if (typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => replaceTexts(item, text));
  const each = (fields: Readonly<Record<string, LoweredValue>>) =>
    Object.entries(fields).map(([key, field]) => [key, replaceTexts(field, text)] as const);
  switch (value.kind) {
    case "object":
      return { ...value, fields: Object.fromEntries(each(value.fields)) };
    case "map":
      return { ...value, entries: Object.fromEntries([[text, text]]) };
    case "concat":
      return { ...value, parts: value.parts.map((part) => replacePart(part, text)) };
    default:
      return value;
  }
}

function replacePart(part: LoweredPart, text: string): LoweredPart {
  return typeof part === "string" ? text : part;
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}

const EVERYTHING = readFileSync(join(import.meta.dirname, "cases/all-kinds.yaml"), "utf8");
const everything = await compileText(EVERYTHING);
const artifacts = await buildStandIns(
  everything.lowered?.flatMap((lowered) => lowered.artifacts) ?? [],
  () => {
    throw new Error("nothing to locate");
  },
  { report: () => {} },
);

/** The stack of all kinds with every text in it replaced, whatever a manifest may hold there. */
function inputWith(text: string): EmitInput {
  const { model, lowered } = everything;
  if (model === undefined || lowered === undefined || artifacts === undefined) throw new Error();
  const replaced = lowered.map(
    (one): Lowered => ({
      ...one,
      resources: one.resources.map((resource) => ({
        ...resource,
        args: Object.fromEntries(
          Object.entries(resource.args).map(([key, value]) => [key, replaceTexts(value, text)]),
        ),
      })),
      outputs: Object.fromEntries(
        Object.entries(one.outputs).map(([key, value]) => [
          key,
          replaceTexts(value, text) as typeof value,
        ]),
      ),
    }),
  );
  const generator = { name: "supercargo", version: "0.0.0-test" };
  return { model: { ...model, name: text }, lowered: replaced, artifacts, generator };
}

function readProgram(text: string): ReadonlyMap<string, string> {
  return emitPulumi(inputWith(text)).texts;
}

function readConfiguration(text: string): string {
  return emitOpentofu(inputWith(text)).get(OPENTOFU_FILE) ?? "";
}

/** Keys and kinds of values, at every depth; the keys of a service's configuration are data. */
function outlineOf(value: unknown, isData = false): unknown {
  if (Array.isArray(value)) return value.map((item) => outlineOf(item));
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]) => [
    isData ? "data" : key,
    outlineOf(inner, key === "config"),
  ]);
}

const plain: unknown = JSON.parse(readConfiguration("data value"));
const plainExpressions = readTemplates(plain)
  .flatMap(({ expressions }) => expressions)
  .join(" ");
const plainOutline = JSON.stringify(outlineOf(plain));

const benign = shapeOf(readProgram("text").get("index.ts") ?? "");

function expectInert(text: string): void {
  const files = readProgram(text);
  const program = files.get("index.ts") ?? "";
  expect(program).toMatch(/^[\x20-\x7e\n]*$/);
  expect(shapeOf(program)).toBe(benign);
  const project = files.get("Pulumi.yaml") ?? "";
  expect(project).toMatch(/^[\x20-\x7e\n]*$/);
  expect(project.split("\n")).toHaveLength(12);
}

/** The same for OpenTofu: neither the shape nor an expression comes from a text, and each text is read back as it was. */
function expectConfigurationInert(text: string): void {
  const printed = readConfiguration(text);
  expect(printed).toMatch(/^[\x20-\x7e\n]*$/);
  const configuration: unknown = JSON.parse(printed);
  expect(JSON.stringify(outlineOf(configuration))).toBe(plainOutline);
  const read = readTemplates(configuration);
  expect(read.flatMap(({ expressions }) => expressions).join(" ")).toBe(plainExpressions);
  expect(read.filter((one) => one.text === text).length).toBeGreaterThan(20);
}

describe("promise 20: no manifest injects code: text in every value of a stack", () => {
  test.each(NAUGHTY.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    "%s does not change what is executed",
    (_, text) => {
      expectInert(text);
      expectConfigurationInert(text);
    },
  );

  describeCorpus("naughty-strings.json", (files) => {
    const strings = JSON.parse(String([...files.values()][0])) as readonly string[];

    test("nor does any of the big list of naughty strings", () => {
      expect(strings.length).toBeGreaterThan(500);
      for (const text of strings) expectInert(text);
    });

    test("nor of OpenTofu's configuration", () => {
      expect(strings.length).toBeGreaterThan(500);
      for (const text of strings) expectConfigurationInert(text);
    });
  });
});

test("promise 20: no manifest injects code: a manifest's text is either refused or one literal wherever it stands", async () => {
  const build = (text: string) =>
    compileText(
      manifestWith({
        address: { kind: "domain", domain: "example.com", maxPrice: "12 USD" },
        policy: { kind: "dns", zone: "address", type: "TXT", content: text },
        shop: { kind: "app", source: "./app", env: { GREETING: text } },
      }),
    );
  const expected = shapeOf(textOf(await build("text"), "index.ts"));
  let accepted = 0;
  for (const text of NAUGHTY) {
    const result = await build(text);
    if (result.files === undefined) {
      expect(result.diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    } else {
      accepted += 1;
      expect(shapeOf(textOf(result, "index.ts"))).toBe(expected);
    }
  }
  expect(accepted).toBeGreaterThan(5);
});
