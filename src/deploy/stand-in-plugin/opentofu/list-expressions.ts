/** A text in an expression. */
const LITERAL = /"(?:[^"\\]|\\.)*"/g;

/**
 * The expressions in all texts of a configuration in JSON, what stands between `${` and its brace, without the texts in them: those are anybody's words, as is what is
 * escaped, `$${` (OpenTofu docs, "Strings and Templates").
 */
export function listExpressions(value: unknown): readonly string[] {
  if (typeof value === "string") return findInTemplate(value);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(listExpressions);
}

function findInTemplate(template: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < template.length; i += 1) {
    if (template.startsWith("$${", i)) i += 2;
    else if (template.startsWith("${", i)) {
      const end = findEnd(template, i + 2);
      found.push(template.slice(i + 2, end).replace(LITERAL, '""'));
      i = end;
    }
  }
  return found;
}

/** Where the expression that begins here ends; braces in its texts do not count. */
function findEnd(template: string, start: number): number {
  let depth = 1;
  let isText = false;
  for (let i = start; i < template.length; i += 1) {
    const character = template[i];
    if (isText && character === "\\") i += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && character === "{") depth += 1;
    else if (!isText && character === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return template.length;
}
