import { type Attributes, isNested } from "./attribute.ts";
import type { PluginProvider, PluginResource } from "./plugin-provider.ts";
import { readStoredValues, readValues, UNKNOWN, type Values, writeValues } from "./value.ts";

/** A message as it comes: fields by their names, defaults filled in. */
type Message = Readonly<Record<string, unknown>>;
export type Method = (request: Message) => Promise<Message>;

const ERROR = 1;
/** `NestedBlock.NestingMode.LIST` of the protocol. */
const BLOCK_LIST = 2;

/** The methods of the provider's gRPC service. Whatever a resource throws becomes a diagnostic. */
export function providerMethods(provider: PluginProvider): Readonly<Record<string, Method>> {
  return {
    getProviderSchema: async () => ({
      provider: describeSchema(provider.config),
      resource_schemas: Object.fromEntries(
        [...provider.resources].map(([type, one]) => [type, describeSchema(one.attributes)]),
      ),
    }),
    validateProviderConfig: async () => ({}),
    configureProvider: guard(async (request) => {
      provider.configure(readField(provider.config, request, "config") ?? {});
      return {};
    }),
    validateResourceConfig: guard(async (request) => {
      const resource = findResource(provider, request);
      const config = readField(resource.attributes, request, "config") ?? {};
      const problems = (await resource.validate?.(config)) ?? [];
      return { diagnostics: problems.map(describeProblem) };
    }),
    upgradeResourceState: guard(async (request) => {
      const { attributes } = findResource(provider, request);
      const { json } = request.raw_state as { readonly json: Uint8Array };
      const stored = readStoredValues(attributes, JSON.parse(new TextDecoder().decode(json)));
      return { value: writeField(attributes, stored) };
    }),
    readResource: guard(async (request) => {
      const resource = findResource(provider, request);
      const { attributes } = resource;
      const state = readField(attributes, request, "current_state");
      const seen = state === undefined ? undefined : await resource.read(state);
      return { value: writeField(attributes, seen) };
    }),
    planResourceChange: guard((request) => plan(findResource(provider, request), request)),
    applyResourceChange: guard((request) => apply(findResource(provider, request), request)),
    stopProvider: async () => ({}),
  };
}

async function plan(resource: PluginResource, request: Message): Promise<Message> {
  const { attributes } = resource;
  const prior = readField(attributes, request, "prior_state");
  const proposed = readField(attributes, request, "proposed_new_state");
  if (proposed === undefined) return { planned_state: writeField(attributes, undefined) };
  if (prior === undefined) {
    return { planned_state: writeField(attributes, withUnknownOutputs(attributes, proposed)) };
  }
  const { planned, replace } = await resource.plan(prior, proposed);
  return {
    planned_state: writeField(attributes, planned),
    requires_replace: replace.map((name) => ({ steps: [{ attribute_name: name }] })),
  };
}

async function apply(resource: PluginResource, request: Message): Promise<Message> {
  const { attributes } = resource;
  const prior = readField(attributes, request, "prior_state");
  const planned = readField(attributes, request, "planned_state");
  if (planned === undefined) {
    if (prior !== undefined) await resource.remove(prior);
    return { new_state: writeField(attributes, undefined) };
  }
  const made =
    prior === undefined ? await resource.create(planned) : await resource.update(prior, planned);
  return { new_state: writeField(attributes, made) };
}

/** The same values, with every output unknown but those named, in blocks, too. */
export function withUnknownOutputs(
  attributes: Attributes,
  values: Values,
  known: readonly string[] = [],
): Values {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { mode, type }]) => {
      if (mode === "computed" && !known.includes(name)) return [name, UNKNOWN];
      const value = values[name] ?? null;
      const isBlocks = isNested(type) && type.isBlock === true && Array.isArray(value);
      return [
        name,
        isBlocks ? value.map((item: Values) => withUnknownOutputs(type.attributes, item)) : value,
      ];
    }),
  );
}

function guard(method: Method): Method {
  return async (request) => {
    try {
      return await method(request);
    } catch (error) {
      const text = error instanceof Error ? error.message : "unexpected";
      return { diagnostics: [describeProblem(text)] };
    }
  };
}

function describeProblem(summary: string): Message {
  return { severity: ERROR, summary };
}

function findResource(provider: PluginProvider, { type_name }: Message): PluginResource {
  const resource = provider.resources.get(String(type_name));
  if (resource === undefined) throw new Error(`this provider does not serve ${String(type_name)}`);
  return resource;
}

function readField(attributes: Attributes, request: Message, field: string): Values | undefined {
  const value = request[field] as { readonly msgpack: Uint8Array } | null;
  return value === null ? undefined : readValues(attributes, value.msgpack);
}

function writeField(attributes: Attributes, values: Values | undefined): Message {
  return { msgpack: writeValues(attributes, values) };
}

function describeSchema(attributes: Attributes): Message {
  return { version: 0, block: describeBlock(attributes) };
}

function describeBlock(all: Attributes): Message {
  const entries = Object.entries(all).map(([name, { type }]) => ({ name, type }));
  const blocks = entries.flatMap(({ name, type }) =>
    isNested(type) && type.isBlock === true ? [{ name, attributes: type.attributes }] : [],
  );
  const names = new Set(blocks.map(({ name }) => name));
  const attributes = Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)));
  return {
    version: 0,
    attributes: describeAttributes(attributes),
    block_types: blocks.map((block) => ({
      ...{ type_name: block.name, nesting: BLOCK_LIST, block: describeBlock(block.attributes) },
    })),
  };
}

function describeAttributes(attributes: Attributes): readonly Message[] {
  return Object.entries(attributes).map(([name, { type, mode, sensitive = false }]) => ({
    name,
    ...(isNested(type)
      ? {
          nested_type: {
            attributes: describeAttributes(type.attributes),
            nesting: type.nesting === "single" ? 1 : 2,
          },
        }
      : { type: new TextEncoder().encode(JSON.stringify(type)) }),
    required: mode === "required",
    optional: mode === "optional",
    computed: mode === "computed",
    sensitive,
  }));
}
