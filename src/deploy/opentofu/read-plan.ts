import { nameOfLabel } from "../../compiler/4-emit/opentofu/resource-label.ts";
import type { Json } from "../../util/canonical-json.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { listAt, memberAt } from "../../util/json-access.ts";
import type { EngineStep, StepOperation } from "../engine-step.ts";

/** What we take from a plan as JSON (OpenTofu docs, "JSON Output Format"). */
export interface ReadPlan {
  /** One per resource, sorted by address, those that stay the same included. */
  readonly steps: readonly EngineStep[];
  /** As far as they are known; a secret reads `[secret]`. */
  readonly outputs: Readonly<Record<string, Json>>;
}

/** An action list of the plan in the words of our steps. `forget`: it leaves the state and stays where it is. */
const OPERATIONS: ReadonlyMap<string, StepOperation> = new Map([
  ["no-op", "same"],
  ["create", "create"],
  ["read", "read"],
  ["update", "update"],
  ["delete", "delete"],
  ["forget", "delete"],
  ["delete,create", "replace"],
  ["create,delete", "replace"],
  ["forget,create", "replace"],
]);

/**
 * Reads the plan. Values are kept of configured arguments alone, and none that the engine calls sensitive. Undefined for what is no plan, and for one with
 * an action that is not known here: it may remove something, and nobody would be asked.
 */
export function readPlan(plan: unknown): ReadPlan | undefined {
  if (typeof memberAt(plan, "format_version") !== "string") return undefined;
  const configured = readConfigured(plan);
  const changes = listAt(plan, "resource_changes") ?? [];
  const read = changes
    .filter((change) => memberAt(change, "mode") !== "data")
    .map((change) => readStep(change, configured));
  const known = read.filter((step) => step !== undefined);
  if (known.length < read.length) return undefined;
  const steps = known.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  const outputs = Object.entries(fields(memberAt(memberAt(plan, "planned_values"), "outputs")));
  return { steps, outputs: Object.fromEntries(outputs.map(readOutput)) };
}

/** One output as `show` and `output` print it. */
export function readOutput([name, output]: readonly [string, Json]): readonly [string, Json] {
  const isSecret = memberAt(output, "sensitive") === true;
  const value = memberAt(output, "value");
  return [name, isSecret ? "[secret]" : ((value ?? "[unknown]") as Json)];
}

/** A resource's step name in one text: `cloudflare_queue::outbox`, the type and the name of the lowered resource. */
export function urnOf(address: string): string {
  const [type = "", label = ""] = address.split(".");
  return `${type}::${nameOfLabel(label)}`;
}

/** Address -> names of the arguments that its configuration sets. */
function readConfigured(plan: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const module = memberAt(memberAt(plan, "configuration"), "root_module");
  const resources = listAt(module, "resources") ?? [];
  return new Map(
    resources.map((resource) => [
      String(memberAt(resource, "address")),
      new Set(Object.keys(fields(memberAt(resource, "expressions")))),
    ]),
  );
}

function readStep(
  resource: unknown,
  configured: ReadonlyMap<string, ReadonlySet<string>>,
): EngineStep | undefined {
  const address = String(memberAt(resource, "address"));
  const change = memberAt(resource, "change");
  const operation = OPERATIONS.get((listAt(change, "actions") ?? []).join(","));
  if (operation === undefined) return undefined;
  const shows = (name: string): boolean => configured.get(address)?.has(name) ?? name !== "id";
  const before = showFields(memberAt(change, "before"), {
    secret: memberAt(change, "before_sensitive"),
    unknown: undefined,
    shows,
  });
  const after = showFields(memberAt(change, "after"), {
    secret: memberAt(change, "after_sensitive"),
    unknown: memberAt(change, "after_unknown"),
    shows,
  });
  const names =
    before && after ? [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted() : [];
  const changed = names.filter(
    (name) => print(before?.[name]) !== print(after?.[name]) || hidesChange(change, name),
  );
  const replacedBecause = (listAt(change, "replace_paths") ?? []).map((path) =>
    Array.isArray(path) ? String(path[0]) : String(path),
  );
  const [type = ""] = address.split(".");
  const urn = urnOf(address);
  const name = urn.slice(urn.indexOf("::") + 2);
  return {
    ...{ operation, urn, type, name, before, after },
    changed: operation === "same" ? [] : changed,
    replacedBecause: replacedBecause.toSorted(),
  };
}

/** A secret that changes looks the same before and after. */
function hidesChange(change: unknown, name: string): boolean {
  const before = memberAt(memberAt(change, "before"), name) as Json | undefined;
  const after = memberAt(memberAt(change, "after"), name) as Json | undefined;
  return print(before) !== print(after);
}

interface Marks {
  /** `true`, or the same shape as the value with `true` where it holds. */
  readonly secret: unknown;
  readonly unknown: unknown;
  readonly shows: (name: string) => boolean;
}

function showFields(value: unknown, marks: Marks): Readonly<Record<string, Json>> | undefined {
  if (value === null || value === undefined) return undefined;
  const unknown = fields(marks.unknown);
  const names = [...new Set([...Object.keys(fields(value)), ...Object.keys(unknown)])];
  const shown = names
    .filter((name) => marks.shows(name))
    .map(
      (name) =>
        [name, show(memberAt(value, name), memberAt(marks.secret, name), unknown[name])] as const,
    );
  return Object.fromEntries(shown.filter(([, one]) => one !== null));
}

/** The value as people may see it. */
function show(value: unknown, secret: unknown, unknown: unknown): Json {
  if (secret === true) return "[secret]";
  if (unknown === true) return "[unknown]";
  if (Array.isArray(value)) {
    return value.map((item, i) => show(item, itemOf(secret, i), itemOf(unknown, i)));
  }
  if (value === null || typeof value !== "object") return (value ?? null) as Json;
  const names = [...new Set([...Object.keys(value), ...Object.keys(fields(unknown))])];
  const shown = names.map(
    (name) =>
      [name, show(memberAt(value, name), memberAt(secret, name), memberAt(unknown, name))] as const,
  );
  return Object.fromEntries(shown.filter(([, one]) => one !== null));
}

function itemOf(marks: unknown, index: number): unknown {
  return Array.isArray(marks) ? (marks as readonly unknown[])[index] : undefined;
}

function print(value: Json | undefined): string {
  return value === undefined ? "" : canonicalJson(value);
}

function fields(value: unknown): { readonly [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}
