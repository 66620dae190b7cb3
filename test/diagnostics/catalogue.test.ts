import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOGUE, createDiagnostic } from "../../src/diagnostics/catalogue.ts";
import type { SourceLocation } from "../../src/diagnostics/diagnostic.ts";

const SRC = join(import.meta.dirname, "../../src");
const CODES = join(SRC, "diagnostics/codes");
const AT: SourceLocation = {
  file: "supercargo.yaml",
  path: "",
  range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
};
const entries = Object.entries(CATALOGUE);

describe("the catalogue", () => {
  test("every code is used, and stands in the file of its thousand, in order", () => {
    const used = readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.includes("diagnostics/codes"))
      .map((path) => readFileSync(join(SRC, path), "utf8"))
      .join("\n");
    expect(entries.map(([code]) => code).filter((code) => !used.includes(`"${code}"`))).toEqual([]);
    for (const file of readdirSync(CODES)) {
      const text = readFileSync(join(CODES, file), "utf8");
      const codes = [...text.matchAll(/^ {2}(\w+): defineCode/gm)].map(([, code]) => code);
      expect(codes).toEqual(codes.toSorted());
      for (const code of codes) expect(code).toMatch(new RegExp(`^SC${file[0]}\\d{3}$`));
    }
  });

  test.each(entries)("%s speaks plainly", (_code, { title, message, remedies }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    for (const sentence of [message, ...remedies]) {
      expect(sentence.template).toMatch(/^(?:[a-z<]|YAML)/);
      expect(sentence.template).not.toMatch(/[.!]$|\n/);
    }
  });

  test("titles are unique", () => {
    const titles = entries.map(([, { title }]) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe("a diagnostic", () => {
  test("shows text of the user in back-quotes, in visible ASCII and shortened", () => {
    const hostile = "\u001b[2J\u202e`$(rm)`\n";
    const { message } = createDiagnostic("SC2010", { value: hostile }, AT);
    expect(message).toBe("`\\u{1b}[2J\\u{202e}\\u{60}$(rm)\\u{60}\\u{a}` is not a valid name");
    const long = createDiagnostic("SC2010", { value: "x".repeat(100_000) }, AT).message;
    expect(long.length).toBeLessThan(100);
    const marks = createDiagnostic("SC2010", { value: "\u0301".repeat(100_000) }, AT).message;
    expect(marks.length).toBeLessThan(200);
    expect(marks).toMatch(/^[\x20-\x7e]*$/);
  });

  test("offers the first remedy whose values are there", () => {
    const values = { key: "sorce", known: ["source", "spa"] };
    const at = (suggestion: string | undefined) =>
      createDiagnostic("SC2001", { ...values, suggestion }, AT).remedy;
    expect(at("source")).toBe("did you mean `source`?");
    expect(at(undefined)).toBe("use one of `source`, `spa`");
  });

  test("shows at most twelve choices", () => {
    const allowed = Array.from({ length: 100 }, (_, i) => `choice-${i}`);
    const { remedy } = createDiagnostic(
      "SC2004",
      { value: "x", allowed, suggestion: undefined },
      AT,
    );
    expect(remedy).toMatch(/`choice-11` and 88 more$/);
  });

  test("carries severity and place", () => {
    const at = { ...AT, path: "resources.a" };
    expect(createDiagnostic("SC3019", { host: "a.example" }, at)).toMatchObject({
      code: "SC3019",
      severity: "warning",
      file: "supercargo.yaml",
      path: "resources.a",
      range: AT.range,
    });
  });
});
