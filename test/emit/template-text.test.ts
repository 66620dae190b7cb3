import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelOf, nameOfLabel } from "../../src/compiler/4-emit/opentofu/resource-label.ts";
import {
  type TemplatePart,
  templateText,
} from "../../src/compiler/4-emit/opentofu/template-text.ts";
import { readTemplate } from "./read-template.ts";

/** What begins an expression. */
const OPEN = "$\u007b";

/** Mostly the characters that matter to a template. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom("$", "%", "{", "}", '"', "\\", "~", "$$", OPEN),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

describe("text in a template", () => {
  test.each([
    ["plain", "plain"],
    ["5 $ or 5 %", "5 $ or 5 %"],
    [`${OPEN}x}`, `$${OPEN}x}`],
    ["%{ if x }", "%%{ if x }"],
    [`$${OPEN}x}`, `${OPEN}"$$"}{x}`],
    ["$%{x}", `${OPEN}"$%"}{x}`],
  ])("%s", (plain, printed) => expect(templateText([plain])).toBe(printed));

  test("a mark before an expression of ours stays text", () => {
    const printed = templateText(["costs $", { expression: "a.b.c" }, "%"]);
    expect(printed).toBe(`costs ${OPEN}"$"}${OPEN}a.b.c}%`);
  });

  test("is read back as it was, whatever stands around it", () => {
    const part = fc.oneof(text, fc.constant({ expression: "a.b.c" }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (drawn) => {
        // Two texts in a row are one text.
        const parts = drawn.filter(
          (one, i) => typeof one !== "string" || typeof drawn[i - 1] !== "string",
        );
        const expected = parts
          .map((one: TemplatePart) => (typeof one === "string" ? one : "\0"))
          .join("");
        const read = readTemplate(templateText(parts));
        expect(read.text).toBe(expected);
        expect(read.expressions).toHaveLength(
          parts.filter((one) => typeof one !== "string").length,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

test("a resource's label leads back to its name", () => {
  const name = fc
    .array(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 4 })
    .map((words) => words.join("."));
  fc.assert(
    fc.property(name, (one) => {
      const label = labelOf(one);
      expect(label).toMatch(/^[a-z_][a-z0-9_-]*$/);
      expect(nameOfLabel(label)).toBe(one);
    }),
  );
});
