/**
 * Splits SQLite text into its statements, without the final semicolons; empty ones are left out. Semicolons inside quotes, comments and the body of a
 * trigger do not split.
 *
 * Source of the lexical rules: sqlite.org, "SQL Comment Syntax" and "SQLite Keywords" (four kinds of quotes).
 */
export function splitStatements(sql: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let depth = 0;
  let isTrigger = false;
  for (const token of tokens(sql)) {
    const word = token.text.toUpperCase();
    if (word === "TRIGGER" && depth === 0) isTrigger = /^\s*CREATE\b/i.test(sql.slice(start));
    else if (word === "CASE" || (word === "BEGIN" && isTrigger)) depth += 1;
    else if (word === "END" && depth > 0) depth -= 1;
    else if (word === ";" && depth === 0) {
      statements.push(sql.slice(start, token.index));
      start = token.index + 1;
      isTrigger = false;
    }
  }
  statements.push(sql.slice(start));
  return statements.map((statement) => statement.trim()).filter(hasContent);
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|\[[^\]]*\]?|\w+|;/g;

function* tokens(sql: string) {
  for (const match of sql.matchAll(TOKEN)) yield { text: match[0], index: match.index };
}

function hasContent(statement: string): boolean {
  for (const { text } of tokens(statement))
    if (!text.startsWith("--") && !text.startsWith("/*")) return true;
  return false;
}
