import { z } from "zod";
import { guardrailsSchema } from "./guardrails-schema.ts";
import { manifestSchema } from "./manifest-schema.ts";

/** The files that have a schema. */
export const SCHEMA_FILES = {
  manifest: { schema: manifestSchema, title: "supercargo.yaml, the manifest" },
  guardrails: { schema: guardrailsSchema, title: "guardrails.yaml, the guardrails" },
} as const;
export type SchemaFile = keyof typeof SCHEMA_FILES;

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The JSON Schema of what an author may write, for editors and other programs. References and names are checked by the compiler only. */
export function emitJsonSchema(file: SchemaFile): JsonSchema {
  const { schema, title } = SCHEMA_FILES[file];
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    unrepresentable: "throw",
  });
  return { $schema, title, ...rest };
}
