/** A lowered value, or all arguments of a resource, as plain data, with `<resource.attribute>` for what is known only later. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  const { kind, ...rest } = value as Record<string, unknown>;
  if (kind === "concat") return (rest.parts as readonly unknown[]).map(plainValue).join("");
  if (kind === "reference")
    return `<${[rest.resource, rest.attribute, rest.field].filter((part) => part !== undefined).join(".")}>`;
  if (kind === "json") return plainValue(rest.value);
  const blocks = { map: rest.entries, object: rest.fields } as Readonly<Record<string, unknown>>;
  const entries = (blocks[`${kind}`] ?? value) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, plainValue(item)]));
}
