import type { Lowered } from "../../../adapters/vendors/contract.ts";
import { type EmitInput, headerLines, inManifestOrder } from "../emit-input.ts";
import { resourceReferences, valueReferences } from "../references.ts";
import { createIdentifiers } from "./create-identifiers.ts";
import { orderBlocks } from "./order-blocks.ts";
import { printProjectFile } from "./print-project-file.ts";
import { printSourceFile, type Statement } from "./print-source-file.ts";
import { type Names, printableResource, printableValue } from "./printable-resource.ts";

/** A stack as a Pulumi program. */
export interface EmittedStack {
  /** Path in the stack's folder -> text, `index.ts` and `Pulumi.yaml`. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those of `index.ts`, in its order. */
  readonly statements: readonly string[];
}

/**
 * Prints a stack as a Pulumi program. Pure, and the same bytes for the same input. Built artifacts are named in the program and have
 * to be written beside it.
 */
export function emitPulumi(input: EmitInput): EmittedStack {
  const { model, lowered, artifacts, generator } = input;
  const resources = inManifestOrder(input);
  const names: Names = {
    identifiers: createIdentifiers(usedNames(resources, lowered)),
    types: new Map(resources.map(({ name, type }) => [name, type])),
    artifacts: new Map(artifacts.map((artifact) => [artifact.name, artifact])),
  };
  const blocks = orderBlocks(resources).map((block) =>
    block.map(
      (resource): Statement => ({
        identifier: names.identifiers.get(resource.name),
        value: printableResource(resource, names),
      }),
    ),
  );
  const program = printSourceFile({
    header: headerLines(input),
    blocks: [...blocks, ...printUrls(lowered, names)],
  });
  const title = `${generator.name} ${generator.version}`;
  const texts = new Map([
    ["Pulumi.yaml", printProjectFile(model.name, title)],
    ["index.ts", program.text],
  ]);
  return { texts, statements: program.statements };
}

/** Resources that others or the outputs refer to; only these need a constant. */
function usedNames(
  resources: Lowered["resources"],
  lowered: readonly Lowered[],
): readonly string[] {
  const used = new Set([
    ...resources.flatMap(resourceReferences),
    ...lowered.flatMap(({ outputs }) => Object.values(outputs).flatMap(valueReferences)),
  ]);
  return resources.map(({ name }) => name).filter((name) => used.has(name));
}

/** One output, `urls`: manifest resource -> address. */
function printUrls(lowered: readonly Lowered[], names: Names): readonly (readonly Statement[])[] {
  const urls = lowered.flatMap(({ outputs }) => Object.entries(outputs));
  if (urls.length === 0) return [];
  const entries = urls.map(([name, url]) => [name, printableValue(url, names)] as const);
  return [[{ identifier: "urls", isExported: true, value: { kind: "map", entries } }]];
}
