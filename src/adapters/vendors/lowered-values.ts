import type {
  LoweredJson,
  LoweredPart,
  LoweredReference,
  LoweredText,
  LoweredValue,
} from "./contract.ts";

/** An output of another lowered resource, or a field of it where it is a block. */
export function ref(resource: string, attribute: string, field?: string): LoweredReference {
  return { kind: "reference", resource, attribute, ...(field !== undefined && { field }) };
}

/** Text with what is known only later in it, as JSON. */
export function json(entries: Readonly<Record<string, LoweredValue>>): LoweredJson {
  return { kind: "json", value: { kind: "map", entries } };
}

/** A block of the provider schema. */
export function object(fields: Readonly<Record<string, LoweredValue>>): LoweredValue {
  return { kind: "object", fields };
}

/** Text of pieces, in the simplest form. */
export function concat(...pieces: readonly LoweredPart[]): LoweredText {
  const joined: LoweredPart[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string")
      joined[joined.length - 1] = last + piece;
    else if (piece !== "") joined.push(piece);
  }
  const [only = ""] = joined;
  return joined.length <= 1 && (typeof only === "string" || only.kind === "reference")
    ? only
    : { kind: "concat", parts: joined };
}
