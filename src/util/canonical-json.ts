/** A JSON value; bigint is excluded on purpose: money travels as text. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** JSON with object keys sorted by UTF-16 code unit and no white space, so equal values have equal bytes (RFC 8785 for our value range). */
export function canonicalJson(value: Json): string {
  const sorted = sortMembers(value);
  return sorted === undefined ? print(value) : JSON.stringify(sorted);
}

/** A copy whose keys are in order, which is printed in one go. Undefined where an object can't have that order. */
function sortMembers(value: Json): Json | undefined {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value as readonly Json[]) {
      const sorted = sortMembers(item);
      if (sorted === undefined) return undefined;
      items.push(sorted);
    }
    return items;
  }
  const object = value as { readonly [key: string]: Json };
  const members: { [key: string]: Json } = {};
  for (const key of Object.keys(object).sort()) {
    const sorted = isOrdinary(key) ? sortMembers(object[key] ?? null) : undefined;
    if (sorted === undefined) return undefined;
    members[key] = sorted;
  }
  return members;
}

/** Whole numbers come first in an object, wherever they were put; `__proto__` is no member; `toJSON` is asked. */
function isOrdinary(key: string): boolean {
  const first = key.charCodeAt(0);
  return !(first >= 0x30 && first <= 0x39) && key !== "__proto__" && key !== "toJSON";
}

function print(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${print(object[key] ?? null)}`);
  return `{${members.join(",")}}`;
}
