import { z } from "zod";
import type { PlainData } from "./plain-data.ts";
import type { DataPath } from "./spans.ts";

/** The keys that a mapping at the path may have; the data decides between the kinds of a resource. Empty where any key may stand. */
export function knownKeys(schema: z.ZodType, path: DataPath, data: PlainData): readonly string[] {
  let current: z.core.$ZodType = schema;
  let value: PlainData | undefined = data;
  for (const step of [...path, undefined]) {
    current = unwrap(current, value);
    if (step === undefined) break;
    current = memberOf(current, String(step));
    value = memberValue(value, step);
  }
  return current instanceof z.ZodObject ? Object.keys(current.def.shape) : [];
}

/** The value at the path; undefined when it is missing. */
export function valueAt(data: PlainData, path: DataPath): PlainData | undefined {
  let value: PlainData | undefined = data;
  for (const step of path) value = memberValue(value, step);
  return value;
}

function memberValue(value: PlainData | undefined, step: PropertyKey): PlainData | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<PropertyKey, PlainData>>)[step];
}

/** The schema below defaults, optionals and transforms; of a union the option with the value's discriminator. */
function unwrap(schema: z.core.$ZodType, value: PlainData | undefined): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrap(schema.def.innerType, value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator, options } = schema.def;
    const wanted = memberValue(value, discriminator);
    const option = options.find(
      (candidate) =>
        candidate instanceof z.ZodObject &&
        candidate.def.shape[discriminator] instanceof z.ZodLiteral &&
        candidate.def.shape[discriminator].value === wanted,
    );
    return option ?? schema;
  }
  return schema;
}

function memberOf(schema: z.core.$ZodType, step: string): z.core.$ZodType {
  if (schema instanceof z.ZodObject) return schema.def.shape[step] ?? schema;
  if (schema instanceof z.ZodRecord) return schema.def.valueType;
  if (schema instanceof z.ZodArray) return schema.def.element;
  return schema;
}
