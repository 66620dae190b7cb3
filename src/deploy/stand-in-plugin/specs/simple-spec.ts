import { type ApiCall, type ApiConfig, callCloudflare } from "../cloudflare-api.ts";
import { isProperties, type Properties, renameKeys, toSnakeCase } from "../property-names.ts";
import type { Made, ResourceSpec } from "../resource-spec.ts";

/** A resource of the usual shape: a collection to create in and an item to read, change and delete. */
export interface SimpleShape {
  readonly token: string;
  readonly replaceOn: readonly string[];
  readonly createMethod?: "POST" | "PUT" | undefined;
  readonly collection: (inputs: Properties) => string;
  readonly item: (id: string, inputs: Properties) => string;
  /** The result's field that is the id, `id` by default, or how else it comes about. */
  readonly id?: string | ((inputs: Properties) => string) | undefined;
  /** Inputs that stand in the path and not in the body. */
  readonly pathInputs: readonly string[];
  /** Input -> name on the wire, where it is not the snake_case one. */
  readonly wireNames?: Readonly<Record<string, string>> | undefined;
  /** Undefined: every change replaces. */
  readonly updateMethod?: "PUT" | "PATCH" | "POST" | undefined;
  readonly canRemove?: boolean | undefined;
  /** Body in place of the inputs' own. */
  readonly body?: ((inputs: Properties) => unknown) | undefined;
  readonly reflect?: ((result: Properties) => Properties) | undefined;
  /** How one that is there already is found: a listing, filtered where the API can, and the fields that must be equal. */
  readonly find?:
    | {
        readonly list: (inputs: Properties) => string;
        /** Input -> field of a listed item. */
        readonly equal: Readonly<Record<string, string>>;
      }
    | undefined;
}

export function simpleSpec(shape: SimpleShape): ResourceSpec {
  const { item, collection, updateMethod, canRemove = true } = shape;
  const bodyOf = shape.body ?? ((inputs: Properties) => wireBody(shape, inputs));
  return {
    token: shape.token,
    replaceOn: shape.replaceOn,
    async create(inputs, config) {
      const call: ApiCall = {
        method: shape.createMethod ?? "POST",
        path: collection(inputs),
        body: bodyOf(inputs),
      };
      const result = await callCloudflare(config, call);
      return { id: readId(shape, inputs, result), result };
    },
    read: (id, inputs) => ({ method: "GET", path: item(id, inputs) }),
    ...(updateMethod !== undefined && {
      update: (id, inputs, config) =>
        callCloudflare(config, {
          method: updateMethod,
          path: item(id, inputs),
          body: bodyOf(inputs),
        }),
    }),
    ...(canRemove && { remove: (id, inputs) => ({ method: "DELETE", path: item(id, inputs) }) }),
    ...(shape.reflect !== undefined && { reflect: shape.reflect }),
    ...(shape.find !== undefined && { find: (inputs, config) => findMade(shape, inputs, config) }),
  };
}

async function findMade(
  shape: SimpleShape,
  inputs: Properties,
  config: ApiConfig,
): Promise<Made | undefined> {
  if (shape.find === undefined) return undefined;
  const { list, equal } = shape.find;
  const listed = await callCloudflare(config, { method: "GET", path: list(inputs) });
  const items = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  const result = items.find(
    (item) =>
      isProperties(item) &&
      Object.entries(equal).every(([input, field]) => item[field] === inputs[input]),
  );
  return result === undefined ? undefined : { id: readId(shape, inputs, result), result };
}

function wireBody({ pathInputs, wireNames = {} }: SimpleShape, inputs: Properties): Properties {
  const sent = Object.entries(inputs).filter(([name]) => !pathInputs.includes(name));
  return Object.fromEntries(
    sent.map(([name, value]) => [
      wireNames[name] ?? toSnakeCase(name),
      renameKeys(value, toSnakeCase),
    ]),
  );
}

/** An id that is missing would become the state's key for ever; so a result without one is an error. */
function readId({ id = "id", token }: SimpleShape, inputs: Properties, result: unknown): string {
  const value =
    typeof id === "function" ? id(inputs) : isProperties(result) ? result[id] : undefined;
  if (typeof value !== "string" || value === "")
    throw new Error(`the answer to the creation of ${token} holds no id`);
  return value;
}
