import { describe, expect, test } from "vitest";
import { printPrintable } from "../../src/compiler/4-emit/pulumi/print-printable.ts";
import type { Printable } from "../../src/compiler/4-emit/pulumi/printable.ts";

/** Lines of a value printed at the start of a statement. */
function print(value: Printable): readonly string[] {
  return printPrintable(value, { indent: 0, column: 0, after: 1 }).split("\n");
}

const make = (...args: Printable[]): Printable => ({
  kind: "new",
  symbol: { namespace: "cloudflare", name: "Queue" },
  args,
});
const object = (fields: Readonly<Record<string, Printable>>): Printable => ({
  kind: "object",
  fields: Object.entries(fields),
});
const LONG = "x".repeat(70);

describe("printing", () => {
  test("scalars and constants", () => {
    expect(print("text")).toEqual(['"text"']);
    expect(print(-1.5)).toEqual(["-1.5"]);
    expect(print(true)).toEqual(["true"]);
    expect(print({ kind: "const", identifier: "orders" })).toEqual(["orders"]);
    expect(print({ kind: "const", identifier: "orders", member: "id" })).toEqual(["orders.id"]);
  });

  test("a number that TypeScript cannot write is a bug", () => {
    expect(() => print(Number.NaN)).toThrow("not a finite number");
    expect(() => print(Number.POSITIVE_INFINITY)).toThrow("not a finite number");
  });

  test("empty lists and objects", () => {
    expect(print({ kind: "list", items: [] })).toEqual(["[]"]);
    expect(print(object({}))).toEqual(["{}"]);
  });

  test("what fits stands on one line", () => {
    expect(print(make("jobs", object({ name: "jobs", size: 3 })))).toEqual([
      'new cloudflare.Queue("jobs", { name: "jobs", size: 3 })',
    ]);
  });

  test("a line may be exactly 100 characters with its semicolon", () => {
    const width = (count: number) => print({ kind: "list", items: ["x", "y".repeat(count)] });
    expect(width(90)).toHaveLength(1);
    expect(width(91)).toHaveLength(4);
  });

  test("the braces of a single last object stay on the line of the call", () => {
    expect(print(make("jobs", object({ name: LONG, size: 30 })))).toEqual([
      'new cloudflare.Queue("jobs", {',
      `  name: "${LONG}",`,
      "  size: 30,",
      "})",
    ]);
  });

  test("two objects stand each on its own line", () => {
    const options = object({ provider: { kind: "const", identifier: "cloudflareProvider" } });
    expect(print(make("jobs", object({ name: "n".repeat(40) }), options))).toEqual([
      "new cloudflare.Queue(",
      '  "jobs",',
      `  { name: "${"n".repeat(40)}" },`,
      "  { provider: cloudflareProvider },",
      ")",
    ]);
  });

  test("rows of a table stand on lines of their own, however short", () => {
    const row = object({ a: 1, b: 2 });
    expect(print({ kind: "list", items: [row] })).toEqual(["[{ a: 1, b: 2 }]"]);
    expect(print({ kind: "list", items: [row, row] })).toEqual([
      "[",
      "  { a: 1, b: 2 },",
      "  { a: 1, b: 2 },",
      "]",
    ]);
  });

  test("a text that is too long for its key's line moves below it", () => {
    expect(print(object({ content: "y".repeat(100) }))).toEqual([
      "{",
      "  content:",
      `    "${"y".repeat(100)}",`,
      "}",
    ]);
  });

  test("a text behind a short key stays where it is, however long", () => {
    expect(print(object({ code: "y".repeat(100) }))).toEqual([
      "{",
      `  code: "${"y".repeat(100)}",`,
      "}",
    ]);
  });

  test("keys that are data are always quoted", () => {
    expect(
      print({
        kind: "map",
        entries: [
          ["region", "eu"],
          ["a-b", 1],
        ],
      }),
    ).toEqual(['{ "region": "eu", "a-b": 1 }']);
  });

  test("a key cannot set the prototype", () => {
    expect(print({ kind: "map", entries: [["__proto__", "x"]] })).toEqual([
      '{ ["__proto__"]: "x" }',
    ]);
  });
});
