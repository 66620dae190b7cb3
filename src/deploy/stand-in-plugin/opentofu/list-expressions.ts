/**
 * The expressions in all texts of a configuration in JSON, what stands between `${` and its brace, without the texts in them but with the expressions in those: texts are anybody's
 * words, as is what is escaped, `$${` (OpenTofu docs, "Strings and Templates").
 */
export function listExpressions(value: unknown): readonly string[] {
  if (typeof value === "string") {
    const found: string[] = [];
    readTemplate(value, 0, { found, isQuoted: false });
    return found;
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(listExpressions);
}

/** Reads a text from `start`, to its quote where it is a quoted one; answers with where it ends. */
function readTemplate(
  text: string,
  start: number,
  { found, isQuoted }: { readonly found: string[]; readonly isQuoted: boolean },
): number {
  let i = start;
  while (i < text.length) {
    if (isQuoted && text[i] === '"') return i + 1;
    if (isQuoted && text[i] === "\\") i += 2;
    else if (text.startsWith("$${", i)) i += 3;
    else if (text.startsWith("${", i)) i = readExpression(text, i + 2, found);
    else i += 1;
  }
  return i;
}

/** Reads an expression from `start` to its brace; answers with what follows that. */
function readExpression(text: string, start: number, found: string[]): number {
  let code = "";
  let depth = 1;
  let i = start;
  while (i < text.length) {
    const character = text[i];
    if (character === '"') {
      i = readTemplate(text, i + 1, { found, isQuoted: true });
      code += '""';
      continue;
    }
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    i += 1;
    if (depth === 0) break;
    code += character;
  }
  found.push(code);
  return i;
}
