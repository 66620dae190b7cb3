import type { Attribute, Attributes } from "../../../tfplugin/attribute.ts";
import { isProperties } from "../property-names.ts";
import { listExpressions } from "./list-expressions.ts";

/** Arguments that OpenTofu keeps for itself in every resource. */
const META: ReadonlySet<string> = new Set(
  "count for_each depends_on provider lifecycle connection provisioner".split(" "),
);
/** `aws_db_instance.orders.address`, also below an index; `one(...)` of a block, and what is read in it. */
const REFERENCE =
  /(\bone\()?\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\.([A-Za-z_][\w-]*)(?:\[[^\]]*\])?\.([a-z][a-z0-9_]*)(?:\)\.([a-z][a-z0-9_]*))?/g;

const ARGUMENT: Attribute = { type: "dynamic", mode: "optional" };
const OUTPUT: Attribute = { type: "dynamic", mode: "computed" };

const PLAIN_OUTPUT: Attribute = { type: "string", mode: "computed" };
const PLAIN: Readonly<Record<string, "string" | "number" | "bool">> = {
  ...{ string: "string", number: "number", boolean: "bool" },
};

/** What is read of a resource: an output, or a field of a block. */
interface Reading {
  readonly type: string;
  readonly attribute: string;
  readonly field: string | undefined;
}

/** The part of a provider's schema that one configuration uses. */
export interface Declared {
  /** Of the provider's own block. */
  readonly config: Attributes;
  /** By type. */
  readonly resources: ReadonlyMap<string, Attributes>;
}

/**
 * What a configuration in JSON needs of the provider `name`: each argument that it gives to a type, and each output of one that it reads. Values may have any type.
 * Throws where the text is no configuration.
 */
export function readDeclared(name: string, text: string): Declared {
  const root: unknown = JSON.parse(text);
  const blocks = isProperties(root) && isProperties(root.resource) ? root.resource : {};
  const own = Object.entries(blocks).filter(([type]) => type.startsWith(`${name}_`));
  const read = listExpressions(root)
    .flatMap((expression) => [...expression.matchAll(REFERENCE)])
    .map(([, one, type = "", , attribute = "", field]) => ({
      ...{ type, attribute, field: one === undefined ? undefined : field },
    }));
  const resources = own.map(([type, labels]) => {
    const readings = read.filter((reading) => reading.type === type);
    return [type, declare(isProperties(labels) ? Object.values(labels) : [], readings)] as const;
  });
  const providers = isProperties(root) && isProperties(root.provider) ? root.provider : {};
  const config = providers[name];
  return {
    config: declare(config === undefined ? [] : [config].flat(), []),
    resources: new Map(resources),
  };
}

/** An output that is an argument of another resource of the type is an argument; what is read in a block that is given makes it one. */
function declare(blocks: readonly unknown[], readings: readonly Reading[]): Attributes {
  const given = listArguments(blocks);
  const inBlocks = Map.groupBy(
    readings.filter(({ attribute, field }) => field !== undefined && given.includes(attribute)),
    ({ attribute }) => attribute,
  );
  return {
    ...Object.fromEntries(readings.map(({ attribute }) => [attribute, OUTPUT])),
    ...Object.fromEntries(given.map((name) => [name, ARGUMENT])),
    ...Object.fromEntries(
      [...inBlocks].map(([name, fields]) => [name, declareBlock(blocks, name, fields)]),
    ),
  };
}

/** A block whose fields are all plain: one with values of any type in it is itself no list for OpenTofu but a value of any type (cty has no list of those). */
function declareBlock(
  blocks: readonly unknown[],
  name: string,
  readings: readonly Reading[],
): Attribute {
  const inner = blocks.flatMap((block) => (isProperties(block) ? [block[name]].flat() : []));
  const given = inner.flatMap((block) => Object.entries(isProperties(block) ? block : {}));
  const attributes = {
    ...Object.fromEntries(readings.map(({ field = "" }) => [field, PLAIN_OUTPUT])),
    ...Object.fromEntries(given.map(([one, value]) => [one, declarePlain(value)])),
  };
  return { type: { nesting: "list", attributes, isBlock: true }, mode: "optional" };
}

function declarePlain(value: unknown): Attribute {
  const type = PLAIN[typeof value];
  if (type === undefined)
    throw new Error("a block that is read from has an argument that is not plain");
  return { type, mode: "optional" };
}

function listArguments(blocks: readonly unknown[]): readonly string[] {
  const all = blocks.flatMap((block) => Object.keys(isProperties(block) ? block : {}));
  return [...new Set(all)].filter((name) => !META.has(name));
}
