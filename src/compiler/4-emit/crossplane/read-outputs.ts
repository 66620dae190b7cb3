import type {
  LoweredReference,
  LoweredResource,
  LoweredValue,
} from "../../../adapters/vendors/contract.ts";
import { camelCase } from "./crossplane-names.ts";
import { secretKey } from "./secret-outputs.ts";

/**
 * Outputs that resources and addresses read of others, by resource and in order of name; whoever waits for another reads its id. Secrets are
 * not among them: they go from Secret to Secret.
 */
export function readOutputs(
  resources: readonly LoweredResource[],
  urls: readonly LoweredValue[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const isProvider = ({ type }: LoweredResource): boolean => type.startsWith("provider_");
  const argumentsOf = (some: readonly LoweredResource[]): readonly LoweredReference[] =>
    some.flatMap(({ args }) => Object.values(args)).flatMap(listReferences);
  const others = argumentsOf(resources.filter((resource) => !isProvider(resource)));
  const open = [...others, ...urls.flatMap(listReferences)].filter(
    (reference) => secretKey(reference, byName) === undefined,
  );
  const read = [
    ...open.map(({ resource, attribute }) => [resource, camelCase(attribute)] as const),
    // A provider is its token, which it waits for.
    ...argumentsOf(resources.filter(isProvider)).map(({ resource }) => [resource, "id"] as const),
    ...resources.flatMap(({ dependsOn = [] }) => dependsOn.map((name) => [name, "id"] as const)),
  ];
  const groups = Map.groupBy(read, ([resource]) => resource);
  return new Map(
    [...groups].map(([resource, outputs]) => [
      resource,
      new Set(outputs.map(([, output]) => output).toSorted()),
    ]),
  );
}

function listReferences(value: LoweredValue): readonly LoweredReference[] {
  if (typeof value !== "object") return [];
  if (isList(value)) return value.flatMap(listReferences);
  switch (value.kind) {
    case "reference":
      return [value];
    case "json":
      return listReferences(value.value);
    case "ipv6-subnet":
      return [value.block];
    case "concat":
      return value.parts.flatMap(listReferences);
    case "object":
      return Object.values(value.fields).flatMap(listReferences);
    case "map":
      return Object.values(value.entries).flatMap(listReferences);
    case "artifact":
    case "file":
    case "file-sums":
      return [];
  }
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}
