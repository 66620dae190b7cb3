import type {
  LoweredPart,
  LoweredReference,
  LoweredValue,
} from "../../../adapters/vendors/contract.ts";
import { camelCase } from "./crossplane-names.ts";
import { type FieldPath, fieldPath } from "./field-path.ts";
import type { YamlValue } from "./print-yaml.ts";
import { outputPath, type Patch, type Printing } from "./printing.ts";
import { secretKey } from "./secret-outputs.ts";

/** A text as it is, or the patches that make it. */
export function makeText(
  value: LoweredValue,
  to: FieldPath,
  printing: Printing,
): string | readonly Patch[] {
  const known = knownText(value);
  if (known !== undefined) return known;
  const parts = typeof value === "object" && "kind" in value ? textParts(value) : undefined;
  const references = (parts ?? []).filter((part) => typeof part !== "string");
  if (parts === undefined || references.some((part) => part.kind !== "reference")) {
    printing.refuse("text is made of the JSON of something that is known only later");
    return [];
  }
  const outputs = references as readonly LoweredReference[];
  if (outputs.some(({ field }) => field !== undefined)) {
    printing.refuse("a field of a block is read, which is known only later");
    return [];
  }
  if (outputs.some((one) => secretKey(one, printing.resources) !== undefined)) {
    printing.refuse("a secret stands in a text, and texts are in clear in a cluster");
    return [];
  }
  const paths = outputs.map(({ resource, attribute }) =>
    outputPath(resource, camelCase(attribute)),
  );
  const [only] = paths;
  if (parts.length === 1 && only !== undefined) return [requirePatch(only, to)];
  return [combinePatch(parts, paths, to)];
}

function combinePatch(
  parts: readonly LoweredPart[],
  paths: readonly FieldPath[],
  to: FieldPath,
): Patch {
  const format = parts.map((part) =>
    typeof part === "string" ? part.replaceAll("%", "%%") : "%s",
  );
  return {
    type: "CombineFromComposite",
    combine: {
      variables: paths.map((path) => ({ fromFieldPath: fieldPath(path) })),
      strategy: "string",
      string: { fmt: format.join("") },
    },
    toFieldPath: fieldPath(to),
    policy: { fromFieldPath: "Required" },
  };
}

/** Copies a field of the stack; the resource is not made before the field is there. */
export function requirePatch(from: FieldPath, to: FieldPath): Patch {
  return {
    type: "FromCompositeFieldPath",
    fromFieldPath: fieldPath(from),
    toFieldPath: fieldPath(to),
    policy: { fromFieldPath: "Required" },
  };
}

function textParts(
  value: Exclude<LoweredValue, string | number | boolean | readonly LoweredValue[]>,
): readonly LoweredPart[] | undefined {
  if (value.kind === "concat") return value.parts;
  return value.kind === "reference" ? [value] : undefined;
}

/** A text that holds nothing but what is known now. */
function knownText(value: LoweredValue): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || !("kind" in value) || value.kind !== "json") return undefined;
  const data = knownData(value.value);
  return data === undefined ? undefined : JSON.stringify(data);
}

function knownData(value: LoweredValue): YamlValue | undefined {
  if (typeof value !== "object") return value;
  if (isList(value)) {
    const items = value.map(knownData);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (value.kind !== "map") return undefined;
  const entries = Object.entries(value.entries).map(
    ([key, entry]) => [key, knownData(entry)] as const,
  );
  return entries.every((entry): entry is readonly [string, YamlValue] => entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined;
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}
