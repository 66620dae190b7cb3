import { type ApiConfig, ApiError, callCloudflare } from "./cloudflare-api.ts";
import {
  isProperties,
  type Properties,
  renameKeys,
  toCamelCase,
  toSnakeCase,
} from "./property-names.ts";
import type { ResourceSpec } from "./resource-spec.ts";
import type { Difference } from "./stand-in.ts";

export function diffInputs(spec: ResourceSpec, olds: Properties, news: Properties): Difference {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = names.filter((name) => !isSame(olds[name], news[name])).sort();
  const replaces =
    spec.update === undefined ? changed : changed.filter((name) => spec.replaceOn.includes(name));
  return { changed, replaces };
}

/** `isRepeated` says that an earlier run may have created it and died before it could say so; then what is there is taken over. */
export async function createResource(
  spec: ResourceSpec,
  inputs: Properties,
  config: ApiConfig,
  isRepeated = false,
): Promise<{ id: string; outs: Properties }> {
  const found = isRepeated ? await spec.find?.(inputs, config) : undefined;
  if (found !== undefined) await spec.update?.(found.id, inputs, config);
  const { id, result } = found ?? (await spec.create(inputs, config));
  return { id, outs: { ...describeResult(result), ...inputs } };
}

export async function updateResource(
  spec: ResourceSpec,
  id: string,
  inputs: Properties,
  config: ApiConfig,
): Promise<Properties> {
  if (spec.update === undefined) throw new Error(`${spec.token} cannot change in place`);
  return { ...describeResult(await spec.update(id, inputs, config)), ...inputs };
}

/** What the provider has now: state and inputs with observed values in place of configured ones. Undefined when it is gone. */
export async function readResource(
  spec: ResourceSpec,
  id: string,
  state: Properties,
  inputs: Properties,
  config: ApiConfig,
): Promise<{ readonly state: Properties; readonly inputs: Properties } | undefined> {
  let result: unknown;
  try {
    result = await callCloudflare(config, spec.read(id, { ...state, ...inputs }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
  const seen = isProperties(result) ? (spec.reflect?.(result) ?? result) : {};
  const observed = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, observe(value, seen[toSnakeCase(name)])]),
  );
  return { state: { ...state, ...observed }, inputs: observed };
}

/** A resource that is already gone counts as removed. */
export async function removeResource(
  spec: ResourceSpec,
  id: string,
  state: Properties,
  config: ApiConfig,
): Promise<void> {
  if (spec.remove === undefined) return;
  try {
    await callCloudflare(config, spec.remove(id, state));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Takes over what was configured and is seen to differ; what the answer adds by itself is no difference. */
function observe(configured: unknown, seen: unknown): unknown {
  if (seen === undefined || seen === null) return configured;
  if (isProperties(configured) && isProperties(seen)) {
    return Object.fromEntries(
      Object.entries(configured).map(([key, value]) => [
        key,
        observe(value, seen[toSnakeCase(key)]),
      ]),
    );
  }
  if (Array.isArray(configured) && Array.isArray(seen)) {
    if (configured.length !== seen.length) return renameKeys(seen, toCamelCase);
    return configured.map((value, index) => observe(value, (seen as readonly unknown[])[index]));
  }
  return renameKeys(seen, toCamelCase);
}

/** The answer's plain fields as outputs, e.g. `uuid`, `queueId`. */
function describeResult(result: unknown): Properties {
  if (!isProperties(result)) return {};
  const plain = Object.entries(result).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(
    plain.map(([name, value]) => [toCamelCase(name), value]).filter(([name]) => name !== "id"),
  );
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (!isProperties(left) || !isProperties(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => isSame(left[name], right[name]));
}
