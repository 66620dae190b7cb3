import type { Json } from "../util/canonical-json.ts";
import { Secret } from "../util/secret.ts";

/**
 * A value of the adapters' contracts as JSON with its secrets in clear and its bigints as text; only ever sealed, never written as it is.
 * {@link fromPlain} is the inverse.
 */
export function toPlain(value: unknown): Json {
  if (value instanceof Secret) return { $secret: value.reveal() };
  if (typeof value === "bigint") return { $bigint: value.toString() };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [`_${name}`, toPlain(member)]),
    );
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Error("a value of this kind cannot be stored");
}

/** Member names carry a `_` in the plain form, so that no data can pass for `$secret` or `$bigint`. */
export function fromPlain(value: Json): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromPlain);
  const object = value as Readonly<Record<string, Json>>;
  if (typeof object.$secret === "string") return new Secret(object.$secret);
  if (typeof object.$bigint === "string") return BigInt(object.$bigint);
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [name.slice(1), fromPlain(member)]),
  );
}
