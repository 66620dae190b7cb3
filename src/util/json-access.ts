/** The value at a path of member names, or undefined where the path leaves the objects. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== "object" || current === null || Array.isArray(current)) return undefined;
    if (!Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}

/** The text at a path; undefined when it is no text, empty, longer than 8,192 characters or not of the `form`. */
export function textAt(value: unknown, path: readonly string[], form?: RegExp): string | undefined {
  const text = memberAt(value, ...path);
  if (typeof text !== "string" || text === "" || text.length > 8192) return undefined;
  return form === undefined || form.test(text) ? text : undefined;
}

/** The list at a path, or undefined. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] | undefined {
  const list = memberAt(value, ...path);
  return Array.isArray(list) ? list : undefined;
}
