import type { Json } from "../../util/canonical-json.ts";
import type { ConfigurationSchema, PropertySchema } from "./provider-service.ts";

/** What a configuration lacks and what in it is wrong; key names only, never values. */
export interface ConfigurationCheck {
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
}

/** Checks a configuration against the catalogue's schema. */
export function checkConfiguration(
  schema: ConfigurationSchema,
  configuration: Readonly<Record<string, Json>>,
): ConfigurationCheck {
  const keys = Object.keys(configuration);
  return {
    missing: schema.required.filter((key) => configuration[key] === undefined),
    wrong: keys.filter((key) => {
      const property = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      if (property === undefined) return !schema.additionalProperties;
      return !isValid(property, configuration[key]);
    }),
  };
}

/** The part of the schema that asks for the missing keys, as JSON Schema. */
export function pickMissing(schema: ConfigurationSchema, missing: readonly string[]): Json {
  const properties = Object.fromEntries(
    missing.map((key) => [
      key,
      { ...schema.properties[key] } as { readonly [field: string]: Json },
    ]),
  );
  return { type: "object", properties, required: missing };
}

function isValid(schema: PropertySchema, value: Json | undefined): boolean {
  if (schema.enum !== undefined && (value === undefined || !schema.enum.includes(value)))
    return false;
  if (typeof value === "string") {
    if (schema.type !== undefined && schema.type !== "string") return false;
    if (value.length < (schema.minLength ?? 0)) return false;
    if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return false;
    return schema.pattern === undefined || new RegExp(schema.pattern).test(value);
  }
  if (typeof value === "number") {
    if (schema.type === "integer" ? !Number.isInteger(value) : schema.type === "string")
      return false;
    if (schema.type === "boolean") return false;
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) return false;
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) return false;
    return schema.multipleOf === undefined || Number.isInteger(value / schema.multipleOf);
  }
  return typeof value === "boolean" && (schema.type ?? "boolean") === "boolean";
}
