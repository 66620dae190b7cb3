import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { CrossplaneTools } from "../../../src/deploy/crossplane/find-crossplane.ts";
import { getAt } from "./field-path.ts";
import { patchAndTransform } from "./patch-and-transform.ts";
import type { PlainObject } from "./struct-value.ts";

const run = promisify(execFile);

/** What the renderer makes of a stack once. */
export interface Rendered {
  readonly stack: PlainObject;
  readonly resources: ReadonlyMap<string, PlainObject>;
}

export interface RenderInput {
  readonly tools: CrossplaneTools;
  /** With the printed files, and where more may be written. */
  readonly folder: string;
  /** Where the function listens. */
  readonly target: string;
  readonly stack: PlainObject;
  /** Composed resources that are there. */
  readonly observed: readonly PlainObject[];
}

/** Calls `crossplane composition render`, which runs Crossplane's own reconciler on the files. */
export async function renderStack(input: RenderInput): Promise<Rendered> {
  const { tools, folder, target, stack, observed } = input;
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("now.yaml"), writeDocuments([stack]));
  writeFileSync(at("observed.yaml"), writeDocuments(observed));
  const { stdout } = await run(
    tools.command,
    [
      ...["composition", "render", at("now.yaml"), at("composition.yaml"), at("functions.yaml")],
      ...["--crossplane-binary", tools.core, "--xrd", at("definition.yaml"), "--include-full-xr"],
      ...["-a", "render.crossplane.io/runtime=Development"],
      ...["-a", `render.crossplane.io/runtime-development-target=${target}`],
      ...(observed.length > 0 ? ["--observed-resources", at("observed.yaml")] : []),
    ],
    { env: { HOME: folder, PATH: "/usr/bin:/bin" }, maxBuffer: 64 * 1024 * 1024 },
  );
  const [first, ...others] = readDocuments(stdout);
  if (first === undefined) throw new Error("nothing was rendered");
  return {
    stack: first,
    resources: new Map(others.map((resource) => [nameOf(resource), resource])),
  };
}

/** Composes without any tool of Crossplane's: by the stand-in for its function alone. */
export function renderHere(
  composition: PlainObject,
  stack: PlainObject,
  observed: readonly PlainObject[],
): Rendered {
  const input = getAt(composition, "spec.pipeline[0].input") as PlainObject;
  const { composite, resources } = patchAndTransform(input, {
    composite: stack,
    resources: Object.fromEntries(observed.map((resource) => [nameOf(resource), resource])),
  });
  const named = Object.entries(resources).map(([name, resource]) => {
    const metadata = (resource.metadata ?? {}) as PlainObject;
    const annotations = {
      ...(metadata.annotations as PlainObject | undefined),
      "crossplane.io/composition-resource-name": name,
    };
    return [name, { ...resource, metadata: { ...metadata, annotations } }] as const;
  });
  return { stack: { ...stack, ...composite }, resources: new Map(named) };
}

/** The template that a composed resource came from. */
export function nameOf(resource: PlainObject): string {
  return String(
    getAt(resource, "metadata.annotations[crossplane.io/composition-resource-name]") ?? "",
  );
}

/** A file of YAML in which nobody takes a text for a date: JSON is YAML, too. */
export function writeDocuments(documents: readonly PlainObject[]): string {
  return documents.map((document) => `---\n${JSON.stringify(document)}\n`).join("");
}

/** The documents of a file of YAML. */
export function readDocuments(text: string): readonly PlainObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as PlainObject);
}
