import { getAt, setAt } from "./field-path.ts";
import type { Plain, PlainObject } from "./struct-value.ts";

interface Patch {
  readonly type: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath: string;
  readonly combine?: {
    readonly variables: readonly { readonly fromFieldPath: string }[];
    readonly string: { readonly fmt: string };
  };
  readonly policy?: { readonly fromFieldPath?: string };
}

interface Template {
  readonly name: string;
  readonly base: PlainObject;
  readonly patches?: readonly Patch[];
  readonly readinessChecks?: readonly { readonly type: string }[];
}

/** What a function sees and answers. */
export interface Composed {
  readonly composite: PlainObject;
  readonly resources: Readonly<Record<string, PlainObject>>;
}

/**
 * The part of `function-patch-and-transform` that our compositions use, as its source has it: patches to a resource read the stack as it is and those from a
 * resource read the resource as it is; a required field that is missing keeps a new resource from being made. Any other kind of patch throws.
 */
export function patchAndTransform(
  input: PlainObject,
  observed: Composed,
): Composed & { readonly ready: ReadonlySet<string> } {
  const composite: PlainObject = {};
  const resources: Record<string, PlainObject> = {};
  const ready = new Set<string>();
  for (const template of input.resources as unknown as readonly Template[]) {
    const { name, patches = [] } = template;
    const desired = structuredClone(template.base);
    const existing = observed.resources[name];
    const missing = patches.some((patch) => {
      const found = apply(patch, { observed, existing, desired, composite });
      return !found && patch.policy?.fromFieldPath === "Required" && existing === undefined;
    });
    if (missing) continue;
    resources[name] = desired;
    if (existing !== undefined && isReady(template, existing)) ready.add(name);
  }
  return { composite, resources, ready };
}

interface Places {
  readonly observed: Composed;
  readonly existing: PlainObject | undefined;
  readonly desired: PlainObject;
  readonly composite: PlainObject;
}

/** Whether there was something to copy. */
function apply(patch: Patch, { observed, existing, desired, composite }: Places): boolean {
  const read = (object: PlainObject | undefined, path = ""): Plain | undefined =>
    object && getAt(object, path);
  switch (patch.type) {
    case "FromCompositeFieldPath": {
      const value = read(observed.composite, patch.fromFieldPath);
      if (value !== undefined) setAt(desired, patch.toFieldPath, value);
      return value !== undefined;
    }
    case "ToCompositeFieldPath": {
      const value = read(existing, patch.fromFieldPath);
      if (value !== undefined) setAt(composite, patch.toFieldPath, value);
      return value !== undefined;
    }
    case "CombineFromComposite": {
      const { variables = [], string } = patch.combine ?? {};
      const values = variables.map((one) => read(observed.composite, one.fromFieldPath));
      if (string === undefined || values.includes(undefined)) return false;
      const rest = [...values];
      const text = string.fmt.replaceAll(/%[%s]/g, (verb) =>
        verb === "%%" ? "%" : String(rest.shift()),
      );
      setAt(desired, patch.toFieldPath, text);
      return true;
    }
    default:
      throw new Error(`no such patch here: ${patch.type}`);
  }
}

function isReady({ readinessChecks }: Template, existing: PlainObject): boolean {
  if (readinessChecks?.some(({ type }) => type === "None") === true) return true;
  const conditions = getAt(existing, "status.conditions");
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => {
      const { type, status } = one as PlainObject;
      return type === "Ready" && status === "True";
    })
  );
}
