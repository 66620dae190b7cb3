/**
 * Deep equality of property values, blind to the order of object keys. A missing property, `undefined` and `null` are
 * the same, because the engine drops both on the wire.
 */
export function equalValues(left: unknown, right: unknown): boolean {
  const a = left ?? undefined;
  const b = right ?? undefined;
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
  }
  const one = a as Readonly<Record<string, unknown>>;
  const other = b as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
    equalValues(own(one, key), own(other, key)),
  );
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
