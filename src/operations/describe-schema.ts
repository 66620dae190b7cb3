import { emitJsonSchema, type JsonSchema } from "../compiler/1-manifest/emit-json-schema.ts";
import { emitReference } from "../compiler/1-manifest/emit-reference.ts";

/** JSON Schema of one of the two files that people write, for editors and other programs. */
export function describeSchema(file: "manifest" | "guardrails"): JsonSchema {
  return emitJsonSchema(file);
}

/** Both files' reference as Markdown. */
export function describeReference(): string {
  return emitReference();
}
