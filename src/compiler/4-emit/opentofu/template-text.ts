/** A piece of a template: text, or an expression of ours such as `cloudflare_queue.mail.queue_name`. */
export type TemplatePart = string | { readonly expression: string };

/**
 * Text as OpenTofu reads it in JSON, where every string and every key is a template; the only way in which text of a manifest gets into
 * generated files. `${` and `%{` would begin an expression, and so would a `$` at the end of a text that one of ours follows.
 */
export function templateText(parts: readonly TemplatePart[]): string {
  return parts
    .map((part, i) => {
      if (typeof part !== "string") return `\${${part.expression}}`;
      const isFollowed = typeof parts[i + 1] === "object";
      return part.replace(isFollowed ? /[$%]+(?=\{|$)/g : /[$%]+(?=\{)/g, escapeMarks);
    })
    .join("");
}

/** A lone mark is doubled; of several in a row the doubling would be ambiguous, so they become a literal in an expression. */
function escapeMarks(marks: string, offset: number, text: string): string {
  const isPlain = marks.length === 1 && text[offset + 1] === "{";
  return isPlain ? marks + marks : `\${"${marks}"}`;
}
