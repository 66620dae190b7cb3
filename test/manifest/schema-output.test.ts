import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { emitJsonSchema, SCHEMA_FILES } from "../../src/compiler/1-manifest/emit-json-schema.ts";
import { emitReference } from "../../src/compiler/1-manifest/emit-reference.ts";
import { RESOURCE_KINDS } from "../../src/compiler/vocabulary.ts";
import { manifestDataArbitrary } from "../arbitraries/manifest.ts";
import { STOREFRONT } from "./storefront-positions.ts";

/** Every key that a schema declares, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "properties" ? [...Object.keys(value), ...keysOf(value)] : keysOf(value),
  );
}

/** Every schema that stands for the value of a key. */
function valuesOf(schema: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === "properties" ? Object.values(value as object) : []),
    ...valuesOf(value),
  ]);
}

describe("the JSON Schema", () => {
  const schema = z.fromJSONSchema(emitJsonSchema("manifest"));

  test("accepts the manifests that the compiler accepts", () => {
    expect(schema.safeParse(STOREFRONT).error).toBeUndefined();
    fc.assert(
      fc.property(manifestDataArbitrary, (data) => {
        expect(schema.safeParse(data).error).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["an unknown key", { nmae: "x" }],
    ["a bad name", { name: "Shop" }],
    ["an unknown kind", { resources: { a: { kind: "vm" } } }],
    ["a key of another kind", { resources: { a: { kind: "kv", engine: "sqlite" } } }],
    ["a bad amount", { budget: { monthly: "60" } }],
  ])("refuses %s", (_name, change) => {
    expect(schema.safeParse({ ...(STOREFRONT as object), ...change }).success).toBe(false);
  });

  test.each(["manifest", "guardrails"] as const)(
    "of the %s says its dialect and title first",
    (file) => {
      const emitted = emitJsonSchema(file);
      expect(Object.keys(emitted).slice(0, 2)).toEqual(["$schema", "title"]);
      expect(emitted).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        additionalProperties: false,
      });
    },
  );

  test("describes every key but the kind", () => {
    for (const file of Object.keys(SCHEMA_FILES) as (keyof typeof SCHEMA_FILES)[])
      for (const value of valuesOf(emitJsonSchema(file)))
        if (typeof value.const !== "string" || value.const === "supercargo/v1")
          expect(value.description ?? value, JSON.stringify(value)).toBeTypeOf("string");
  });
});

describe("the reference", () => {
  const reference = emitReference();

  test("has a section for every kind and a line for every key", () => {
    for (const kind of RESOURCE_KINDS) expect(reference).toContain(`### kind: ${kind}\n`);
    for (const file of ["manifest", "guardrails"] as const)
      for (const key of keysOf(emitJsonSchema(file)))
        if (key !== "kind")
          expect(reference).toMatch(new RegExp(`^\\| \`[^\`]*\\b${key}\` \\|`, "m"));
  });

  test("has four cells in each line of a table", () => {
    for (const line of reference.split("\n").filter((text) => text.startsWith("|")))
      expect(line.replaceAll("\\|", "").split("|")).toHaveLength(6);
  });
});
