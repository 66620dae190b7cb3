import type {
  LoweredJson,
  LoweredReference,
  LoweredResource,
  LoweredValue,
} from "../../../adapters/vendors/contract.ts";
import { artifactField, type BuiltArtifact } from "../built-artifact.ts";
import { listFileSums } from "../list-file-sums.ts";
import { attributeOf } from "./opentofu-names.ts";
import { labelOf } from "./resource-label.ts";
import { type TemplatePart, templateText } from "./template-text.ts";

export type JsonValue =
  | string
  | number
  | boolean
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What names in lowered values stand for. */
export interface Names {
  /** By {@link LoweredResource.name}. */
  readonly resources: ReadonlyMap<string, LoweredResource>;
  readonly artifacts: ReadonlyMap<string, BuiltArtifact>;
}

/** A lowered value in OpenTofu's JSON. */
export function jsonValue(value: LoweredValue, names: Names): JsonValue {
  if (typeof value === "string") return templateText([value]);
  if (typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => jsonValue(item, names));
  switch (value.kind) {
    case "object":
      return jsonFields(value.fields, names);
    case "map":
      return Object.fromEntries(
        Object.entries(value.entries).map(([key, entry]) => [
          templateText([key]),
          jsonValue(entry, names),
        ]),
      );
    case "reference":
      return templateText([expressionOf(value, names)]);
    case "concat":
      return templateText(
        value.parts.map((part) => {
          if (typeof part === "string") return part;
          return part.kind === "json" ? encodeOf(part, names) : expressionOf(part, names);
        }),
      );
    case "json": {
      const known = knownData(value.value);
      // What is known is written out: OpenTofu's own function would escape `<` and `>`, which not everybody reads back.
      if (known !== undefined) return templateText([JSON.stringify(known)]);
      return templateText([encodeOf(value, names)]);
    }
    case "artifact": {
      const text = artifactField(find(names.artifacts, value.artifact), value);
      return value.field === "path" ? besideModule(text) : text;
    }
    case "ipv6-subnet":
      return templateText([{ expression: subnetOf(value, names) }]);
    case "file-sums":
      return Object.fromEntries(
        listFileSums(find(names.artifacts, value.artifact)).map(([path, sum]) => [
          besideModule(path),
          sum,
        ]),
      );
    case "file":
      throw new Error("a file outside of a resource for each file");
  }
}

/** A file of an artifact. Those are shared by all engines, so they lie one folder up. */
function besideModule(path: string): string {
  return templateText([{ expression: "path.module" }, `/../${path}`]);
}

function jsonFields(
  fields: Readonly<Record<string, LoweredValue>>,
  names: Names,
): { readonly [key: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [attributeOf("", key), jsonValue(field, names)]),
  );
}

/** `supercargo_account.cloudflare_account`. */
export function addressOf(name: string, { resources }: Names): string {
  return `${find(resources, name).type}.${labelOf(name)}`;
}

function expressionOf(
  { resource, attribute, field }: LoweredReference,
  names: Names,
): TemplatePart & object {
  const { type } = find(names.resources, resource);
  const expression = `${addressOf(resource, names)}.${attributeOf(type, attribute)}`;
  if (field === undefined) return { expression };
  return { expression: `one(${expression}).${attributeOf(type, field)}` };
}

function encodeOf({ value }: LoweredJson, names: Names): TemplatePart & object {
  return { expression: `jsonencode(${nativeOf(value, names)})` };
}

/** A value in OpenTofu's own syntax, in which JSON is what it is, strings are templates and references stand bare. */
function nativeOf(value: LoweredValue, names: Names): string {
  if (typeof value === "object") {
    if (isList(value)) return `[${value.map((item) => nativeOf(item, names)).join(", ")}]`;
    if (value.kind === "reference") return expressionOf(value, names).expression;
    if (value.kind === "map") {
      const entries = Object.entries(value.entries).map(
        ([key, entry]) => `${JSON.stringify(templateText([key]))}: ${nativeOf(entry, names)}`,
      );
      return `{${entries.join(", ")}}`;
    }
  }
  return JSON.stringify(jsonValue(value, names));
}

/** The data of a value that holds nothing but data; undefined for all others. */
function knownData(value: LoweredValue): JsonValue | undefined {
  if (typeof value !== "object") return value;
  if (isList(value)) {
    const items = value.map(knownData);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (value.kind !== "map") return undefined;
  const entries = Object.entries(value.entries).map(([key, entry]) => [key, knownData(entry)]);
  return entries.every(([, entry]) => entry !== undefined)
    ? (Object.fromEntries(entries) as JsonValue)
    : undefined;
}

function subnetOf(
  { block, index }: Extract<LoweredValue, { kind: "ipv6-subnet" }>,
  names: Names,
): string {
  return `cidrsubnet(${expressionOf(block, names).expression}, 8, ${index})`;
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}

function find<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}
