import type { LoweredResource, LoweredValue } from "../../adapters/vendors/contract.ts";

/** Names of the lowered resources that one refers to, with repetitions. */
export function resourceReferences(resource: LoweredResource): readonly string[] {
  const { args, provider, dependsOn = [] } = resource;
  const references = [...dependsOn, ...Object.values(args).flatMap(valueReferences)];
  return provider === undefined ? references : [provider, ...references];
}

/** Names of the lowered resources that a value refers to, with repetitions. */
export function valueReferences(value: LoweredValue): readonly string[] {
  if (typeof value !== "object") return [];
  if (isList(value)) return value.flatMap(valueReferences);
  switch (value.kind) {
    case "reference":
      return [value.resource];
    case "json":
      return valueReferences(value.value);
    case "ipv6-subnet":
      return [value.block.resource];
    case "concat":
      return value.parts.flatMap(valueReferences);
    case "object":
      return Object.values(value.fields).flatMap(valueReferences);
    case "map":
      return Object.values(value.entries).flatMap(valueReferences);
    case "artifact":
    case "file":
    case "file-sums":
      return [];
  }
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}
