import { pulumiArgument, pulumiClass } from "../../../compiler/4-emit/pulumi/pulumi-names.ts";
import type { Attributes } from "../../../tfplugin/attribute.ts";
import type { PluginProvider, PluginResource } from "../../../tfplugin/plugin-provider.ts";
import { Dynamic, UNKNOWN, type Value, type Values } from "../../../tfplugin/value.ts";
import { checkArguments, readArgumentTypes } from "../read-argument-types.ts";
import type { Declared } from "./read-declared.ts";

/**
 * Plays a provider of OpenTofu in plans, for the types that one configuration uses. Which arguments a type has and which it must have it knows from the declarations
 * of Pulumi's package, which are made from the same schema. It sends nothing anywhere, so it refuses to create, change or remove anything.
 */
export function createPreviewingProvider({ config, resources }: Declared): PluginProvider {
  return {
    config,
    configure() {},
    resources: new Map(
      [...resources].map(([type, attributes]) => [type, createResource(type, attributes)]),
    ),
  };
}

function createResource(type: string, attributes: Attributes): PluginResource {
  const refuse = async (): Promise<never> => {
    throw new Error(
      `${type} needs the real provider, which a tofu of your own takes from its registry`,
    );
  };
  return {
    attributes,
    validate: async (values) => findProblems(type, values),
    // Which arguments replace a resource only the real provider knows.
    plan: async (_prior, proposed) => ({ planned: proposed, replace: [] }),
    create: refuse,
    read: refuse,
    update: refuse,
    remove: refuse,
  };
}

function findProblems(type: string, values: Values): readonly string[] {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  const names = new Map(given.map(([name]) => [pulumiArgument(type, name), name]));
  const types = readArgumentTypes(tokenOf(type));
  const known = given.filter(([, value]) => plain(value) !== UNKNOWN);
  const inputs = Object.fromEntries(
    known.map(([name, value]) => [pulumiArgument(type, name), plain(value)]),
  );
  // What is not known yet is there, and of a type that nobody can say.
  const open = new Set(
    given
      .filter(([, value]) => plain(value) === UNKNOWN)
      .map(([name]) => pulumiArgument(type, name)),
  );
  return [
    ...[...open]
      .filter((property) => !types.has(property))
      .map((property) => ({ property, reason: "there is no such argument" })),
    ...checkArguments(types, inputs).filter(({ property }) => !open.has(property)),
  ].map(({ property, reason }) => `${type}: ${names.get(property) ?? property}: ${reason}`);
}

/** The engine's token of the class, by which its declarations are found. */
function tokenOf(type: string): string {
  const { namespace, name } = pulumiClass(type);
  const [module, className] = name.includes(".") ? name.split(".", 2) : ["index", name];
  const file = `${className?.slice(0, 1).toLowerCase()}${className?.slice(1)}`;
  return `${namespace}:${module}/${file}:${className}`;
}

function plain(value: Value): Value {
  return value instanceof Dynamic ? value.value : value;
}
