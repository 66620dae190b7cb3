import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOGUE } from "../../src/diagnostics/catalogue.ts";
import { TESTED_ELSEWHERE } from "./tested-elsewhere.ts";
import { validateExample } from "./validate-example.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = join(import.meta.dirname, "examples");
const examples = readdirSync(EXAMPLES).sort();

describe("every code has an example", () => {
  test.each(examples)("%s", async (code) => {
    const folder = join(EXAMPLES, code);
    const { diagnostics, rendered } = await validateExample(folder);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    const expected = join(folder, "expected.txt");
    if (process.env.UPDATE_EXAMPLES !== undefined) writeFileSync(expected, rendered);
    expect(rendered).toBe(readFileSync(expected, "utf8"));
  });

  test("no code is without one, unless its test stands elsewhere", () => {
    const codes = Object.keys(CATALOGUE);
    const without = codes.filter(
      (code) => !examples.includes(code) && !Object.hasOwn(TESTED_ELSEWHERE, code),
    );
    expect(without).toEqual([]);
    expect(examples.filter((code) => !codes.includes(code))).toEqual([]);
  });

  test("a code whose test stands elsewhere is named there", () => {
    const missing = Object.entries(TESTED_ELSEWHERE).filter(([code, { file }]) => {
      const path = join(ROOT, file);
      return !existsSync(path) || !readFileSync(path, "utf8").includes(code);
    });
    expect(missing).toEqual([]);
  });
});
