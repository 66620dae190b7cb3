import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkStatements } from "../../src/compiler/4-emit/pulumi/check-statements.ts";
import { quoteString } from "../../src/compiler/4-emit/quote-string.ts";

const accepts = async (...statements: string[]) => {
  await checkStatements(statements);
  return true;
};

describe("a printed statement", () => {
  test.each([
    ["an escape is forgotten", 'new a.B("x"); evil(); ("", {});'],
    ["a quote stays open", 'new a.B("x);'],
    ["a single quote opens a literal", "new a.B('x');"],
    ["a template opens", "new a.B(`x`);"],
    ["a comment hides the rest", 'new a.B("x"); // ");'],
    ["a block comment hides the rest", 'new a.B("x" /* ); */);'],
    ["a regular expression hides a quote", 'new a.B(/"/, evil(), "");'],
    ["a line ends inside a literal", 'new a.B("x\n");'],
    ["a bracket is missing", 'new a.B("x", { y: 1 );'],
    ["it is two", "a.b(); a.c();"],
    ["it is none", ""],
    ["a letter is not ASCII", "const \u0430 = a.b();"],
    ["it goes on in the next one", "a.b(", ");"],
  ])("is refused when %s", async (_, ...statements) => {
    await expect(checkStatements(statements)).rejects.toThrow();
  });

  test("is accepted whatever text stands in its literals", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), (text) =>
        accepts(`const x = new a.B(${quoteString(text)}, { ${quoteString(text)}: [1, true] });`),
      ),
    );
  });
});

test("a form that is remembered is not parsed again", async () => {
  const known = new Set<string>();
  const added: string[] = [];
  const memory = {
    has: (form: string) => known.has(form),
    add: (forms: readonly string[]) => {
      for (const form of forms) known.add(form);
      added.push(...forms);
    },
  };
  await checkStatements(['new a.B("x");', 'new a.B("y");', "a.b(1);"], memory);
  expect(added).toEqual(['new a.B("");', "a.b(1);"]);
  await checkStatements(['new a.B("z \\" z");'], memory);
  expect(added).toHaveLength(2);
  await expect(checkStatements(["a.b("], memory)).rejects.toThrow();
  expect(known).not.toContain("a.b(");
});
