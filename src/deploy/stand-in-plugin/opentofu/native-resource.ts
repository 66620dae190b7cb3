import type { Attributes } from "../../../tfplugin/attribute.ts";
import type { PluginResource } from "../../../tfplugin/plugin-provider.ts";
import { UNKNOWN, type Value, type Values } from "../../../tfplugin/value.ts";
import type { ApiConfig } from "../cloudflare-api.ts";
import {
  createResource,
  diffInputs,
  readResource,
  removeResource,
  updateResource,
} from "../manage-resource.ts";
import { type Properties, renameKeys, toCamelCase, toSnakeCase } from "../property-names.ts";
import type { ResourceSpec } from "../resource-spec.ts";

/** Where the stack's provider block leads, once it is known. */
export interface NativeContext {
  readConfig(): ApiConfig;
  /** An earlier run may have made this very one and died before it could say so. */
  isUnfinished(type: string, planned: Values): boolean;
}

/** A type of the table of calls as a resource of OpenTofu. What it stores of itself besides its arguments is its id and its outputs. */
export function createNativeResource(
  type: string,
  spec: ResourceSpec,
  attributes: Attributes,
  context: NativeContext,
): PluginResource {
  const inputs = (values: Values): Properties => inputsOf(attributes, values);
  return {
    attributes,
    async plan(prior, proposed) {
      const { replaces } = diffInputs(spec, inputs(prior), inputs(proposed));
      return { planned: proposed, replace: replaces.map(toSnakeCase) };
    },
    async create(planned) {
      const { id, outs } = await createResource(
        spec,
        inputs(planned),
        context.readConfig(),
        context.isUnfinished(type, planned),
      );
      return withOutputs(attributes, planned, { ...outs, id });
    },
    async read(state) {
      const config = context.readConfig();
      const seen = await readResource(spec, idOf(state), inputs(state), inputs(state), config);
      return seen && withInputs(attributes, state, seen.inputs);
    },
    async update(prior, planned) {
      await updateResource(spec, idOf(prior), inputs(planned), context.readConfig());
      return planned;
    },
    remove: (state) => removeResource(spec, idOf(state), inputs(state), context.readConfig()),
  };
}

/** Types without an id of their own are found by the worker that they belong to. */
function idOf(values: Values): string {
  const { id, consumer_id, script_name } = values;
  const found = [id, consumer_id, script_name].find((value) => typeof value === "string");
  return found === undefined ? "" : String(found);
}

/** The arguments that are set, in the names of the table. */
function inputsOf(attributes: Attributes, values: Values): Properties {
  const set = Object.entries(values).filter(
    ([name, value]) => value !== null && attributes[name]?.mode !== "computed",
  );
  return Object.fromEntries(set.map(([name, value]) => [toCamelCase(name), toInput(value)]));
}

function toInput(value: Value): unknown {
  if (Array.isArray(value)) return (value as readonly Value[]).map(toInput);
  if (value === null || value === UNKNOWN || typeof value !== "object") return value;
  const set = Object.entries(value as Values).filter(([, inner]) => inner !== null);
  return Object.fromEntries(set.map(([name, inner]) => [toCamelCase(name), toInput(inner)]));
}

function withOutputs(attributes: Attributes, planned: Values, outs: Properties): Values {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { mode }]) => {
      if (mode !== "computed") return [name, planned[name] ?? null] as const;
      return [name, (outs[toCamelCase(name)] ?? null) as Value] as const;
    }),
  );
}

/** What was observed in place of what was configured. */
function withInputs(attributes: Attributes, state: Values, seen: Properties): Values {
  const observed = renameKeys(seen, toSnakeCase) as Values;
  return Object.fromEntries(
    Object.keys(attributes).map((name) => [name, observed[name] ?? state[name] ?? null]),
  );
}
