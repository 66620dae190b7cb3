import type { LoweredResource, LoweredText } from "../../../adapters/vendors/contract.ts";
import type { BuiltArtifact } from "../built-artifact.ts";
import { type EmitInput, headerLines, inManifestOrder } from "../emit-input.ts";
import { composedTemplates, type TemplateContext } from "./composed-templates.ts";
import { CROSSPLANE_FILES } from "./crossplane-files.ts";
import { clusterKind, providerPackage } from "./crossplane-names.ts";
import { leaseDefinition, leaseKindOf } from "./lease-definition.ts";
import { printYaml, type YamlValue } from "./print-yaml.ts";
import { readOutputs } from "./read-outputs.ts";
import { stackDefinition, stackKind } from "./stack-definition.ts";

const FUNCTION = "function-patch-and-transform";
const FUNCTION_IMAGE = `xpkg.crossplane.io/crossplane-contrib/${FUNCTION}:v0.10.8`;

/**
 * Prints a stack for Crossplane 2: its kind, its composition and itself, with the packages and the kinds of ours that they need. Pure, and the same
 * bytes for the same input; path in the stack's folder -> text. Throws for what `findUnprintable` finds.
 */
export function emitCrossplane(input: EmitInput): ReadonlyMap<string, string> {
  const { model, lowered, artifacts } = input;
  const resources = inManifestOrder(input);
  const urls = new Map(lowered.flatMap(({ outputs }) => Object.entries(outputs)));
  const read = readOutputs(resources, [...urls.values()]);
  const code = artifacts.filter(({ kind }) => kind === "bundle");
  const fields = { artifacts: code.map(({ name }) => name), outputs: read, urls: [...urls.keys()] };
  const context = describeContext(input, resources, { read, urls });
  const templates = resources.flatMap((resource) => composedTemplates(resource, context));
  const print = (...values: readonly YamlValue[]): string => printYaml(headerLines(input), values);
  return new Map([
    [CROSSPLANE_FILES.providers, print(...listProviders(resources))],
    [CROSSPLANE_FILES.functions, print(packageOf("Function", FUNCTION, FUNCTION_IMAGE))],
    [CROSSPLANE_FILES.leases, print(...listLeases(resources))],
    [CROSSPLANE_FILES.definition, print(stackDefinition(model, fields))],
    [CROSSPLANE_FILES.composition, print(printComposition(input, templates))],
    [CROSSPLANE_FILES.stack, print(printStack(input, code))],
  ]);
}

function describeContext(
  { model, artifacts }: EmitInput,
  resources: readonly LoweredResource[],
  known: Pick<TemplateContext, "read"> & { readonly urls: ReadonlyMap<string, LoweredText> },
): TemplateContext {
  const digests = new Map(artifacts.map(({ name, sha256 }) => [name, sha256]));
  return {
    ...known,
    project: model.name,
    stack: model.stack,
    resources: new Map(resources.map((resource) => [resource.name, resource])),
    digestOf: (artifact) => digests.get(artifact) ?? "",
    refuse: (reason) => {
      throw new Error(reason);
    },
  };
}

function printComposition({ model }: EmitInput, templates: readonly YamlValue[]): YamlValue {
  return {
    apiVersion: "apiextensions.crossplane.io/v1",
    kind: "Composition",
    metadata: { name: compositionName(model) },
    spec: {
      compositeTypeRef: stackKind(model),
      mode: "Pipeline",
      pipeline: [
        {
          step: "resources",
          functionRef: { name: FUNCTION },
          input: {
            apiVersion: "pt.fn.crossplane.io/v1beta1",
            kind: "Resources",
            resources: templates,
          },
        },
      ],
    },
  };
}

function printStack({ model }: EmitInput, code: readonly BuiltArtifact[]): YamlValue {
  const decoder = new TextDecoder();
  const texts = code.map(({ name, files: [file] }) => [name, decoder.decode(file?.bytes)] as const);
  return {
    ...stackKind(model),
    metadata: { name: model.stack, namespace: model.name },
    spec: {
      crossplane: { compositionRef: { name: compositionName(model) } },
      ...(texts.length > 0 && { artifacts: Object.fromEntries(texts) }),
    },
  };
}

function compositionName({ name, stack }: EmitInput["model"]): string {
  return `${name}.${stack}`;
}

function listProviders(resources: readonly LoweredResource[]): readonly YamlValue[] {
  const native = resources.filter(({ type }) => leaseKindOf(type) === undefined);
  const packages = native.flatMap(({ type }) => {
    const kind = clusterKind(type);
    return kind === undefined ? [] : [providerPackage(kind)];
  });
  const byName = new Map(packages.map(({ name, image }) => [name, image]));
  return [...byName].toSorted().map(([name, image]) => packageOf("Provider", name, image));
}

function packageOf(kind: "Provider" | "Function", name: string, image: string): YamlValue {
  return {
    apiVersion: "pkg.crossplane.io/v1",
    kind,
    metadata: { name },
    spec: { package: image },
  };
}

/** In the order of their first use. */
function listLeases(resources: readonly LoweredResource[]): readonly YamlValue[] {
  const kinds = resources.map(({ type }) => leaseKindOf(type));
  return [...new Set(kinds)].filter((kind) => kind !== undefined).map(leaseDefinition);
}
