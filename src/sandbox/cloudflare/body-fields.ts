/** A JSON object as it came over the wire: nothing about it is known. */
export type Body = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text member, undefined when absent or of another type. */
export function text(body: unknown, name: string): string | undefined {
  const value = isBody(body) ? body[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** A boolean member, undefined when absent or of another type. */
export function flag(body: unknown, name: string): boolean | undefined {
  const value = isBody(body) ? body[name] : undefined;
  return typeof value === "boolean" ? value : undefined;
}

/** A number member, undefined when absent, of another type or not finite. */
export function number(body: unknown, name: string): number | undefined {
  const value = isBody(body) ? body[name] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A list member, empty when absent or of another type. */
export function list(body: unknown, name: string): readonly unknown[] {
  const value = isBody(body) ? body[name] : undefined;
  return Array.isArray(value) ? value : [];
}

/** The texts of a list member. */
export function texts(body: unknown, name: string): readonly string[] {
  return list(body, name).filter((value) => typeof value === "string");
}

/** An object member, undefined when absent or of another type. */
export function object(body: unknown, name: string): Body | undefined {
  const value = isBody(body) ? body[name] : undefined;
  return isBody(value) ? value : undefined;
}
