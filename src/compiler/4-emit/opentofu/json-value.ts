import type {
  LoweredJson,
  LoweredReference,
  LoweredResource,
  LoweredValue,
} from "../../../adapters/vendors/contract.ts";
import type { BuiltArtifact } from "../built-artifact.ts";
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
    case "json":
      return templateText([encodeOf(value, names)]);
    case "artifact": {
      const artifact = find(names.artifacts, value.artifact);
      if (value.field === "sha256") return artifact.sha256;
      // Artifacts are shared by all engines, so they lie one folder up.
      return templateText([{ expression: "path.module" }, `/../${artifact.path}`]);
    }
  }
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
  { resource, attribute }: LoweredReference,
  names: Names,
): TemplatePart & object {
  const { type } = find(names.resources, resource);
  const expression = `${addressOf(resource, names)}.${attributeOf(type, attribute)}`;
  return { expression };
}

function encodeOf({ value }: LoweredJson, names: Names): TemplatePart & object {
  return { expression: `jsonencode(${expressionOf(value, names).expression})` };
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}

function find<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}
