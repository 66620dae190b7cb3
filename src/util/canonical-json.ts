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
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  let members = "";
  for (const key of Object.keys(object).sort())
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`;
  return `{${members}}`;
}
