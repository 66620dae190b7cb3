/** A template of OpenTofu in JSON, read by the language's own rules (HCL "Template Expressions"): its text, and its expressions in order. */
export interface ReadTemplate {
  /** Where an expression stands, there is a NUL. */
  readonly text: string;
  readonly expressions: readonly string[];
}

/** Reads a template. An expression that is one string literal is text. Throws for what the language would not accept. */
export function readTemplate(template: string): ReadTemplate {
  if (!/[$%]\{/.test(template)) return { text: template, expressions: [] };
  let text = "";
  const expressions: string[] = [];
  for (let i = 0; i < template.length; ) {
    const rest = template.slice(i);
    const escaped = /^(?:\$\$\{|%%\{)/.exec(rest);
    if (escaped !== null) {
      text += rest.slice(1, 3);
      i += 3;
      continue;
    }
    if (!/^[$%]\{/.test(rest)) {
      text += rest[0];
      i += 1;
      continue;
    }
    const literal = /^\$\{"((?:[^"\\$%]|[$%](?!\{))*)"\}/.exec(rest);
    const expression = /^\$\{([a-z0-9_.()-]+)\}/i.exec(rest);
    const found = literal ?? expression;
    if (found === null) throw new Error(`no template: ${rest.slice(0, 40)}`);
    text += literal === null ? "\0" : (literal[1] ?? "");
    if (literal === null) expressions.push(found[1] ?? "");
    i += found[0].length;
  }
  return { text, expressions };
}

/** Every string and every key of a JSON value, read. */
export function readTemplates(value: unknown): readonly ReadTemplate[] {
  if (typeof value === "string") return [readTemplate(value)];
  if (Array.isArray(value)) return value.flatMap(readTemplates);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    readTemplate(key),
    ...readTemplates(inner),
  ]);
}
