import type {
  LoweredReference,
  LoweredResource,
  LoweredValue,
} from "../../../adapters/vendors/contract.ts";
import { artifactField, type BuiltArtifact } from "../built-artifact.ts";
import { listFileSums } from "../list-file-sums.ts";
import type { Printable } from "./printable.ts";
import { pulumiArgument, pulumiAsset, pulumiClass, pulumiMember } from "./pulumi-names.ts";

/** What names in lowered values stand for. */
export interface Names {
  /** Lowered resource -> constant. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** Lowered resource -> its type. */
  readonly types: ReadonlyMap<string, string>;
  readonly artifacts: ReadonlyMap<string, BuiltArtifact>;
  /** Type of the resource whose arguments are printed. */
  readonly type?: string | undefined;
}

/** `new cloudflare.R2Bucket("media", { ... }, { ... })`. */
export function printableResource(resource: LoweredResource, names: Names): Printable {
  const options = printableOptions(resource, names);
  const args = printableFields(resource.args, { ...names, type: resource.type });
  return {
    kind: "new",
    symbol: pulumiClass(resource.type),
    args:
      options.length === 0
        ? [resource.name, args]
        : [resource.name, args, { kind: "object", fields: options }],
  };
}

/** A lowered value in Pulumi's dialect. */
export function printableValue(value: LoweredValue, names: Names): Printable {
  if (typeof value !== "object") return value;
  if (isList(value))
    return { kind: "list", items: value.map((item) => printableValue(item, names)) };
  switch (value.kind) {
    case "object":
      return printableFields(value.fields, names);
    case "map":
      return {
        kind: "map",
        entries: Object.entries(value.entries).map(([key, entry]) => [
          key,
          printableValue(entry, names),
        ]),
      };
    case "reference":
      return printableReference(value, names);
    case "concat":
      return {
        kind: "call",
        symbol: { namespace: "pulumi", name: "concat" },
        args: value.parts.map((part) => printableValue(part, names)),
      };
    case "json":
      return {
        kind: "call",
        symbol: { namespace: "pulumi", name: "jsonStringify" },
        args: [printableValue(value.value, names)],
      };
    case "ipv6-subnet":
      return {
        kind: "call",
        symbol: { namespace: "supercargo", name: "ipv6Subnet" },
        args: [printableReference(value.block, names), value.index],
      };
    case "artifact":
      return artifactField(find(names.artifacts, value.artifact), value);
    case "file-sums":
      return { kind: "map", entries: listFileSums(find(names.artifacts, value.artifact)) };
    case "file":
      throw new Error("a file outside of a resource for each file");
  }
}

function printableFields(fields: Readonly<Record<string, LoweredValue>>, names: Names): Printable {
  return {
    kind: "object",
    fields: Object.entries(fields).map(([key, field]) => [
      pulumiArgument(names.type, key),
      wrapAsset(pulumiAsset(names.type, key), printableValue(field, names)),
    ]),
  };
}

/** The path of a file that the engine hands to the provider is an asset. */
function wrapAsset(name: string | undefined, value: Printable): Printable {
  if (name === undefined) return value;
  return { kind: "new", symbol: { namespace: "pulumi", name }, args: [value] };
}

function printableReference(
  { resource, attribute, field }: LoweredReference,
  names: Names,
): Printable {
  const identifier = find(names.identifiers, resource);
  const member = pulumiMember(find(names.types, resource), attribute, field);
  return { kind: "const", identifier, member };
}

/**
 * Resource options. `retain` becomes `retainOnDelete`, not `protect`: destroying the stack must work, and then leave the resource
 * where it is, whereas a protected one makes the whole destroy fail.
 */
function printableOptions(
  { provider, dependsOn = [], retain }: LoweredResource,
  { identifiers }: Names,
): readonly (readonly [string, Printable])[] {
  const constant = (name: string): Printable => ({
    kind: "const",
    identifier: find(identifiers, name),
  });
  const options: (readonly [string, Printable])[] = [];
  if (provider !== undefined) options.push(["provider", constant(provider)]);
  if (dependsOn.length > 0)
    options.push(["dependsOn", { kind: "list", items: dependsOn.map(constant) }]);
  if (retain === true) options.push(["retainOnDelete", true]);
  return options;
}

function isList(value: LoweredValue): value is readonly LoweredValue[] {
  return Array.isArray(value);
}

function find<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}
