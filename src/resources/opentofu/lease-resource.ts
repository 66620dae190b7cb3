import type { LeaseKind } from "../../broker/protocol.ts";
import type { Attributes } from "../../tfplugin/attribute.ts";
import type { PluginResource } from "../../tfplugin/plugin-provider.ts";
import { withUnknownOutputs } from "../../tfplugin/provider-methods.ts";
import { Dynamic, UNKNOWN, type Value, type Values } from "../../tfplugin/value.ts";
import { UNKNOWN_PROPERTY } from "../input-fields.ts";
import * as methods from "../provider.ts";
import { attributeName, inputNames, lastingOutputs, leaseAttributes } from "./lease-attributes.ts";

type Properties = Readonly<Record<string, unknown>>;

/** Whose stack the provider works for, once it is configured. */
export type ReadStack = () => { readonly project: string; readonly stack: string };

/**
 * A kind of lease as a resource of OpenTofu: the methods behind Pulumi's dynamic resources with the values of another engine, so that
 * identity, order of acts and what is compared are the same.
 */
export function createLeaseResource(kind: LeaseKind, readStack: ReadStack): PluginResource {
  const attributes = leaseAttributes(kind);
  const properties = (values: Values): Properties => toProperties(kind, values, readStack());
  return {
    attributes,
    async validate(config) {
      const { failures } = await methods.check({}, toProperties(kind, config, NO_STACK));
      return failures.map(({ reason }) => reason);
    },
    async plan(prior, proposed) {
      const news = properties(proposed);
      const { changes, replaces } = await methods.diff(idOf(prior), properties(prior), news);
      // What only says how to create is kept as it was, so that it is no change.
      if (!changes) return { planned: prior, replace: [] };
      const planned = withUnknownOutputs(attributes, proposed, lastingOutputs(kind));
      return { planned, replace: replaces.map(attributeName) };
    },
    async create(planned) {
      const { id, outs } = await methods.create(properties(planned));
      return settle(attributes, planned, { ...outs, id });
    },
    async read(state) {
      const { id, props } = await methods.read(idOf(state), properties(state));
      return id === "" ? undefined : settle(attributes, state, { ...props, id });
    },
    async update(prior, planned) {
      const id = idOf(prior);
      const { outs } = await methods.update(id, properties(prior), properties(planned));
      return settle(attributes, planned, { ...outs, id });
    },
    remove: (state) => methods.remove(idOf(state), properties(state)),
  };
}

const NO_STACK = { project: "", stack: "" };

function idOf(values: Values): string {
  return typeof values.id === "string" ? values.id : "";
}

function toProperties(
  kind: LeaseKind,
  values: Values,
  { project, stack }: { readonly project: string; readonly stack: string },
): Properties {
  const inputs = inputNames(kind).map(
    (field) => [field, toProperty(values[attributeName(field)] ?? null)] as const,
  );
  const identity = { project, stack, resource: values.name };
  return { kind, identity, ...Object.fromEntries(inputs) };
}

function toProperty(value: Value): unknown {
  if (value === UNKNOWN) return UNKNOWN_PROPERTY;
  if (value instanceof Dynamic) return toProperty(value.value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(toProperty);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value as Values).map(([name, inner]) => [name, toProperty(inner)]),
  );
}

/** Every output with what the broker answered; null for one that the provider does not have. */
function settle(attributes: Attributes, values: Values, outs: Properties): Values {
  const fields = Object.keys(outs).map((field) => [attributeName(field), field] as const);
  const byName = new Map(fields);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { mode }]) => {
      const field = byName.get(name);
      if (mode !== "computed") return [name, values[name] ?? null] as const;
      return [name, ((field === undefined ? undefined : outs[field]) ?? null) as Value] as const;
    }),
  );
}
