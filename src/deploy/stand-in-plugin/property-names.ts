/** Data as the engine sends it. */
export type Properties = Readonly<Record<string, unknown>>;

/** `mainModule` -> `main_module`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `main_module` -> `mainModule`. */
export function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Renames the keys of objects at every depth; values stay. */
export function renameKeys(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename));
  if (!isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [rename(key), renameKeys(item, rename)]),
  );
}

export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of an input that the schema requires. Throws when it is missing: the SDK's types and the engine's check demand it. */
export function readText(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== "string" || value === "") throw new Error(`the property ${name} is missing`);
  return value;
}
