import type { Lowered, LoweredResource } from "../../../adapters/vendors/contract.ts";
import type { Model } from "../../2-model/model.ts";
import { type EmitInput, headerLines, inManifestOrder } from "../emit-input.ts";
import { quoteString } from "../quote-string.ts";
import { addressOf, type JsonValue, jsonValue, type Names } from "./json-value.ts";
import { OPENTOFU_FILE } from "./opentofu-file.ts";
import { attributeOf, PROVIDER_SOURCES, packageOf } from "./opentofu-names.ts";
import { labelOf } from "./resource-label.ts";
import { templateText } from "./template-text.ts";

/** `lifecycle.destroy` came with this version. */
const OLDEST_OPENTOFU = ">= 1.12.0";

/** Of PBKDF2: the fewest that OpenTofu accepts, as the passphrase is 256 random bits. */
const KEY_ITERATIONS = 200_000;

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
    terraform: terraformBlock(model, resources),
    variable: {
      passphrase: {
        type: "string",
        description: "Encrypts state and plans.",
        sensitive: true,
      },
    },
    provider: providerBlocks(model, resources, providers, names),
    resource: resourceBlocks(resources, names),
    ...(urls !== undefined && { output: { urls: { value: urls } } }),
  };
  return new Map([[OPENTOFU_FILE, printJson(configuration)]]);
}

/** State and plans are never written in clear: without the passphrase OpenTofu stops. */
function terraformBlock(model: Model, resources: readonly LoweredResource[]): JsonValue {
  const packages = [...new Set(resources.map(({ type }) => packageOf(type)))].sort();
  const sources = packages.map((name) => {
    const { source, version } = PROVIDER_SOURCES[name] ?? { source: name };
    return [name, version === undefined ? { source } : { source, version }] as const;
  });
  const encrypted = { method: "method.aes_gcm.stack", enforced: true };
  return {
    required_version: OLDEST_OPENTOFU,
    required_providers: Object.fromEntries(sources),
    backend: {
      local: {
        path: templateText([`../../../.supercargo/opentofu/${model.name}/${model.stack}.tfstate`]),
      },
    },
    encryption: {
      key_provider: {
        pbkdf2: {
          machine: { passphrase: expression("var.passphrase"), iterations: KEY_ITERATIONS },
        },
      },
      method: { aes_gcm: { stack: { keys: expression("key_provider.pbkdf2.machine") } } },
      state: encrypted,
      plan: encrypted,
    },
  };
}

function expression(text: string): string {
  return templateText([{ expression: text }]);
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

/** Two spaces a level, ASCII only. */
function printJson(value: JsonValue): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => quoteString(JSON.parse(literal)))}\n`;
}
