import type { LoweredValue } from "../../../adapters/vendors/contract.ts";
import { camelCase, isSensitive } from "./crossplane-names.ts";
import type { FieldPath } from "./field-path.ts";
import { makeText, requirePatch } from "./make-text.ts";
import type { YamlValue } from "./print-yaml.ts";
import { artifactPath, type Printing } from "./printing.ts";
import { secretKey, secretName } from "./secret-outputs.ts";

/** In a list, what a patch will replace; elsewhere the key is left out. */
const PLACEHOLDER = "";

/**
 * A lowered value as it stands in a composed resource, at `path` in it. What is known only later becomes a patch, and undefined is
 * what is left for it.
 */
export function templateValue(
  value: LoweredValue,
  path: FieldPath,
  printing: Printing,
): YamlValue | undefined {
  if (typeof value !== "object") return value;
  if (isList(value))
    return value.map((item, i) => templateValue(item, [...path, i], printing) ?? PLACEHOLDER);
  switch (value.kind) {
    case "object":
      return templateFields(value.fields, path, printing);
    case "map":
      return defined(
        Object.entries(value.entries).map(([key, entry]) => [
          key,
          templateValue(entry, [...path, key], printing),
        ]),
      );
    case "artifact":
      if (value.field === "sha256" && value.file === undefined)
        return printing.digestOf(value.artifact);
      printing.refuse("a file of it would have to lie on the disk of the provider in the cluster");
      return undefined;
    case "reference":
    case "concat":
    case "json": {
      const made = makeText(value, path, printing);
      if (typeof made === "string") return made;
      printing.patches.push(...made);
      return undefined;
    }
    case "file-sums":
      printing.refuse("what is listed of its files would have to lie on the provider's disk, too");
      return undefined;
    case "ipv6-subnet":
      printing.refuse("a network in a block of addresses cannot be reckoned there");
      return undefined;
    case "file":
      throw new Error("a file outside of a resource for each file");
  }
}

/** Fields of a block or of the resource itself; what is sensitive is named and stands in a Secret. */
export function templateFields(
  fields: Readonly<Record<string, LoweredValue>>,
  path: FieldPath,
  printing: Printing,
): { readonly [key: string]: YamlValue } {
  const { type } = printing.resource;
  const [, , ...below] = path;
  return defined(
    Object.entries(fields).map(([name, value]) => {
      const key = camelCase(name);
      if (isSensitive(type, [...below, name]))
        return [`${key}SecretRef`, secretReference(value, fields, printing)];
      return [key, templateValue(value, [...path, key], printing)];
    }),
  );
}

/** The code of an artifact, which stands in the stack's own spec. */
export function patchCode(artifact: string, path: FieldPath, { patches }: Printing): void {
  patches.push(requirePatch(artifactPath(artifact), path));
}

/** Names the Secret that holds a text, which no part of the composition shows unless it is none. */
function secretReference(
  value: LoweredValue,
  siblings: Readonly<Record<string, LoweredValue>>,
  printing: Printing,
): YamlValue {
  const { stack, resource, resources, texts } = printing;
  const isJson = typeof value === "object" && "kind" in value && value.kind === "json";
  const inner = isJson ? value.value : value;
  if (typeof inner === "object" && "kind" in inner && inner.kind === "reference") {
    const key = secretKey(inner, resources);
    // The Secret holds a map as its JSON, and all else as it is.
    if (key !== undefined && isJson === (key === "credentials"))
      return { name: secretName(stack, inner.resource), key };
  }
  const key = typeof siblings.name === "string" ? siblings.name : `text-${texts.length + 1}`;
  const made = makeText(value, ["stringData", key], printing);
  texts.push(typeof made === "string" ? { key, text: made, patches: [] } : { key, patches: made });
  return { name: textsName(stack, resource.name), key };
}

/** The Secret with the texts of a resource that are no secrets. */
export function textsName(stack: string, resource: string): string {
  return `${stack}.${resource}.texts`;
}

function defined(entries: readonly (readonly [string, YamlValue | undefined])[]): {
  readonly [key: string]: YamlValue;
} {
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, YamlValue] => entry[1] !== undefined),
  );
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}
