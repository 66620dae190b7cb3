import type { Lowered, LoweredResource } from "../../../adapters/vendors/contract.ts";
import type { Model } from "../../2-model/model.ts";
import { type EmitInput, headerLines, inManifestOrder } from "../emit-input.ts";
import { addressOf, type JsonValue, jsonValue, type Names } from "./json-value.ts";
import { OPENTOFU_FILE } from "./opentofu-file.ts";
import { attributeOf, packageOf } from "./opentofu-names.ts";
import { printConfiguration } from "./print-configuration.ts";
import { labelOf } from "./resource-label.ts";
import { stateBlocks } from "./state-blocks.ts";
import { templateText } from "./template-text.ts";

const PROVIDER_PREFIX = "provider_";

/** Prints a stack as one OpenTofu configuration in JSON. Pure, and the same bytes for the same input; path in the stack's folder -> text. */
export function emitOpentofu(input: EmitInput): ReadonlyMap<string, string> {
  const { model, lowered, artifacts } = input;
  const all = inManifestOrder(input);
  const names: Names = {
    resources: new Map(all.map((resource) => [resource.name, resource])),
    artifacts: new Map(artifacts.map((artifact) => [artifact.name, artifact])),
  };
  const providers = all.filter(({ type }) => type.startsWith(PROVIDER_PREFIX));
  const resources = all.filter((resource) => !providers.includes(resource));
  const urls = outputUrls(lowered, names);
  const configuration: JsonValue = {
    "//": headerLines(input),
    ...stateBlocks(
      { project: model.name, stack: model.stack },
      [...new Set(resources.map(({ type }) => packageOf(type)))].sort(),
    ),
    provider: providerBlocks(model, resources, providers, names),
    resource: resourceBlocks(resources, names),
    ...(urls !== undefined && { output: { urls: { value: urls } } }),
  };
  return new Map([[OPENTOFU_FILE, printConfiguration(configuration)]]);
}

/** Ours is told which stack it works for; together with a resource's `name` that is who the resource is to the broker. */
function providerBlocks(
  model: Model,
  resources: readonly LoweredResource[],
  providers: readonly LoweredResource[],
  names: Names,
): JsonValue {
  const hasLeases = resources.some(({ type }) => packageOf(type) === "supercargo");
  const own = {
    project: templateText([model.name]),
    stack: templateText([model.stack]),
  };
  const blocks = providers.map(({ type, args }) => {
    const name = packageOf(type.slice(PROVIDER_PREFIX.length));
    return [name, jsonArguments(type, args, names)] as const;
  });
  if (new Set(blocks.map(([name]) => name)).size < blocks.length)
    throw new Error("two providers of one package");
  return { ...(hasLeases && { supercargo: own }), ...Object.fromEntries(blocks) };
}

/** Type -> label -> resource; both in the order of the manifest. */
function resourceBlocks(resources: readonly LoweredResource[], names: Names): JsonValue {
  const byType = Map.groupBy(resources, ({ type }) => type);
  const types = [...byType].map(([type, list]) => {
    const blocks = list.map((one) => [labelOf(one.name), resourceBlock(one, names)] as const);
    return [type, Object.fromEntries(blocks)] as const;
  });
  return Object.fromEntries(types);
}

/**
 * `retain` becomes `destroy = false` and not `prevent_destroy`: destroying the stack must work, and then leave the resource where it is,
 * whereas the other makes the whole destroy fail.
 */
function resourceBlock(resource: LoweredResource, names: Names): JsonValue {
  const { name, type, args, dependsOn = [], retain } = resource;
  return {
    ...(packageOf(type) === "supercargo" && { name: templateText([name]) }),
    ...jsonArguments(type, args, names),
    ...(dependsOn.length > 0 && { depends_on: dependsOn.map((one) => addressOf(one, names)) }),
    ...(retain === true && { lifecycle: { destroy: false } }),
  };
}

function jsonArguments(
  type: string,
  args: LoweredResource["args"],
  names: Names,
): { readonly [key: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [attributeOf(type, key), jsonValue(value, names)]),
  );
}

/** One output, `urls`: manifest resource -> address. */
function outputUrls(lowered: readonly Lowered[], names: Names): JsonValue | undefined {
  const urls = lowered.flatMap(({ outputs }) => Object.entries(outputs));
  if (urls.length === 0) return undefined;
  return Object.fromEntries(
    urls.map(([name, url]) => [templateText([name]), jsonValue(url, names)]),
  );
}
