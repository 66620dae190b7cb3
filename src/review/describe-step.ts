import type { SourceLocation } from "../diagnostics/diagnostic.ts";
import type { EngineOp, EngineStep } from "./engine-step.ts";
import type { Place, ReviewChange } from "./review.ts";
import { schemaTypeOf } from "./schema-type-of.ts";
import type { StackIndex } from "./stack-index.ts";

/** What a reader sees of each operation; undefined for those that change nothing or are the second half of another. */
const SHOWN: Readonly<Record<EngineOp, ReviewChange["op"] | undefined>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  same: undefined,
  read: "read",
  refresh: undefined,
  import: "import",
  discard: "forget",
  "create-replacement": "replace",
  "delete-replaced": undefined,
  "read-replacement": "replace",
  "import-replacement": "replace",
  "read-discard": "forget",
  "discard-replaced": undefined,
  "remove-pending-replace": undefined,
};

/** Leads a step back to the manifest; undefined for a step that a reader needs not see. An operation that is not known is shown as an update. */
export function describeStep(step: EngineStep, index: StackIndex): ReviewChange | undefined {
  const op = Object.hasOwn(SHOWN, step.op) ? SHOWN[step.op] : "update";
  if (op === undefined || isEngineOwn(step)) return undefined;
  const { name, changedKeys } = step;
  const known = index.resources.get(name);
  if (known === undefined)
    return { op, name, type: step.type, cause: "no longer in the manifest", changedKeys };
  const { lowered, node, provider } = known;
  const common = { op, name, type: typeOf(step, lowered.type), changedKeys };
  if (node !== undefined) {
    const cause = name === node.name ? `${node.kind} ${node.name}` : `part of ${node.name}`;
    return { ...common, resource: node.name, cause, place: placeOf(node.location) };
  }
  const first = index.firstOn.get(provider);
  const place = first && placeOf(first.location);
  return { ...common, cause: `needed by all on ${provider}`, place };
}

/**
 * What the step is about: another type than what the manifest makes of that name now, when something else was printed or was there before. A provider is each engine's own.
 */
function typeOf({ type }: EngineStep, meant: string): string {
  return meant.startsWith("provider_") ? meant : schemaTypeOf(type);
}

/** `supercargo.yaml:12`. */
export function placeOf({ file, range }: SourceLocation): Place {
  return `${file}:${range.start.line}`;
}

/** The stack itself, and the providers that the engine adds on its own. */
function isEngineOwn({ type, name }: EngineStep): boolean {
  return (
    type === "pulumi:pulumi:Stack" ||
    (type.startsWith("pulumi:providers:") && name.startsWith("default"))
  );
}
