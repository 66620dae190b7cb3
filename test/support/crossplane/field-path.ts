import type { Plain, PlainObject } from "./struct-value.ts";

/** Crossplane's paths of fields: `a.b[0].c`, `a[key.with.dots].b`. */
function partsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, key, word]) => {
    if (key === undefined) return word ?? "";
    return /^\d+$/.test(key) ? Number(key) : key;
  });
}

/** The value at a path; undefined where there is none. */
export function getAt(object: PlainObject, path: string): Plain | undefined {
  let value: Plain | undefined = object;
  for (const part of partsOf(path)) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as { [key: string]: Plain })[part];
  }
  return value;
}

/** Sets the value at a path, making what leads there. */
export function setAt(object: PlainObject, path: string, value: Plain): void {
  const parts = partsOf(path);
  let at = object as { [key: string | number]: Plain };
  for (const [i, part] of parts.slice(0, -1).entries()) {
    at[part] ??= typeof parts[i + 1] === "number" ? [] : {};
    at = at[part] as { [key: string | number]: Plain };
  }
  at[parts.at(-1) ?? ""] = value;
}
