/** Remembers forms of statements that were parsed, for longer than one run. */
export interface FormMemory {
  has(form: string): boolean;
  add(forms: readonly string[]): void;
}

/** Nothing but names, numbers, brackets, empty strings and the like; no comment, template, regular expression or escape. */
const FORM = /^[\w\s.,:;=(){}[\]!*-]*(?:""[\w\s.,:;=(){}[\]!*-]*)*$/;
const STRING_LITERAL = /"(?:[^"\\\n\r]|\\.)*"/g;

/**
 * Throws when a printed statement is not exactly one statement of TypeScript, which is a bug. What stands in a string literal has no
 * say in that, so statements that differ in such text alone have one form; ts-morph, which takes longer to load than all the
 * rest, parses each form that is in no memory yet.
 */
export async function checkStatements(
  statements: readonly string[],
  memory?: FormMemory,
): Promise<void> {
  const forms = [...new Set(statements.map(formOf))].filter((form) => memory?.has(form) !== true);
  if (forms.length === 0) return;
  const { parseStatements } = await import("./parse-statements.ts");
  const parsed = await parseStatements(forms);
  if (parsed.length !== forms.length || forms.some((form, i) => form !== parsed[i])) {
    throw new Error(`${forms.length} forms of statements became ${parsed.length} statements`);
  }
  memory?.add(forms);
}

/** The statement with its string literals emptied. Throws when a quote or a comment outside of literals would make that a guess. */
function formOf(statement: string): string {
  const form = statement.replace(STRING_LITERAL, '""');
  if (!FORM.test(form)) throw new Error("a statement holds what is never printed");
  return form;
}
