/** Whether one of the guardrails' patterns covers a text: a pattern is the text itself, or a beginning followed by `*`. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : pattern === text,
  );
}
