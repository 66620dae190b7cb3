import { getAt } from "./field-path.ts";
import { nameOf, type Rendered } from "./render-stack.ts";
import type { PlainObject } from "./struct-value.ts";

/** More than the longest chain of resources that wait for each other. */
const ROUNDS_MAX = 24;

/** Composes once: of the stack as it is and of what is there. */
export type Render = (stack: PlainObject, observed: readonly PlainObject[]) => Promise<Rendered>;

export interface Reconciled {
  readonly rounds: readonly Rendered[];
  /** What is there in the end, as controllers would tell it. */
  readonly resources: readonly PlainObject[];
}

/** Plays a cluster: renders again and again with what would then be there, until nothing new comes. Throws when that never ends. */
export async function reconcileStack(
  composition: PlainObject,
  first: PlainObject,
  render: Render,
): Promise<Reconciled> {
  const rounds: Rendered[] = [];
  let stack = first;
  let resources: readonly PlainObject[] = [];
  while (rounds.length < ROUNDS_MAX) {
    const before = JSON.stringify([stack.status, resources]);
    const rendered = await render(stack, resources);
    rounds.push(rendered);
    ({ stack } = rendered);
    resources = [...rendered.resources.values()].map((one) => serve(one, composition));
    if (JSON.stringify([stack.status, resources]) === before) return { rounds, resources };
  }
  throw new Error("the stack never settles");
}

/** What a controller would say of a resource: what it was given, and what the stack wants to know. */
function serve(resource: PlainObject, composition: PlainObject): PlainObject {
  const name = nameOf(resource);
  const metadata = resource.metadata as PlainObject;
  const named = {
    ...resource,
    metadata: { ...metadata, name: metadata.name ?? `made-${name.replaceAll("/", "-")}` },
  };
  const given = getAt(resource, "spec.forProvider");
  if (given === undefined) return named;
  const told = outputsOf(name, composition).map((output) => [
    output,
    getAt(given as PlainObject, output) ?? `${name}-${output}`,
  ]);
  const condition = {
    ...{ type: "Ready", status: "True", reason: "Available" },
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  const { bindings: _, ...plain } = given as PlainObject;
  return {
    ...named,
    status: { atProvider: { ...plain, ...Object.fromEntries(told) }, conditions: [condition] },
  };
}

/** Outputs of a resource that its template tells the stack. */
function outputsOf(name: string, composition: PlainObject): readonly string[] {
  const templates = getAt(composition, "spec.pipeline[0].input.resources") as PlainObject[];
  const template = templates.find((one) => one.name === name);
  return ((template?.patches ?? []) as PlainObject[])
    .map(({ type, fromFieldPath }) => (type === "ToCompositeFieldPath" ? fromFieldPath : ""))
    .map((path) => /^status\.atProvider\.(\w+)$/.exec(String(path))?.[1])
    .filter((output) => output !== undefined);
}
