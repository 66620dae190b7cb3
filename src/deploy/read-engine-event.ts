import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { type EngineStep, STEP_OPERATIONS, type StepOperation } from "./engine-step.ts";

/** What we take from the engine's event stream (pulumi `sdk/go/common/apitype/events.go`). */
export type EngineEvent =
  | {
      readonly kind: "step";
      readonly phase: "begins" | "ends" | "fails";
      readonly step: EngineStep;
    }
  /** Belongs to a step that is reported as a whole. */
  | { readonly kind: "part"; readonly phase: "begins" | "ends" | "fails"; readonly urn: string }
  | { readonly kind: "outputs"; readonly outputs: Readonly<Record<string, Json>> }
  /** Text that a program or a plugin wrote: to be read by code, never to be shown. */
  | { readonly kind: "error"; readonly urn: string | undefined; readonly text: string }
  | { readonly kind: "summary"; readonly seconds: number };

type Fields = { readonly [key: string]: Json };

/** Keys by which Pulumi marks special values on the wire (pulumi `sdk/go/common/resource/sig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const STACK_TYPE = "pulumi:pulumi:Stack";
/** Inputs of ours that say nothing to a reader. */
const HIDDEN = new Set(["__provider", "__defaults", "__internal", "identity", "kind"]);

/** Reads one line of `--json` output; undefined for what we have no use for. */
export function readEngineEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  const event = parse(line);
  if (event === undefined) return undefined;
  const begins = fields(event.resourcePreEvent);
  if (begins !== undefined) return readStep("begins", fields(begins.metadata));
  const ends = fields(event.resOutputsEvent);
  if (ends !== undefined) return readStep("ends", fields(ends.metadata));
  const fails = fields(event.resOpFailedEvent);
  if (fails !== undefined) return readStep("fails", fields(fails.metadata));
  const note = fields(event.diagnosticEvent);
  if (note?.severity === "error" && typeof note.message === "string") {
    return { kind: "error", urn: text(note.urn) || undefined, text: note.message };
  }
  const summary = fields(event.summaryEvent);
  if (summary !== undefined) return { kind: "summary", seconds: Number(summary.durationSeconds) };
  return undefined;
}

function readStep(
  phase: "begins" | "ends" | "fails",
  metadata: Fields | undefined,
): EngineEvent | undefined {
  const urn = text(metadata?.urn);
  if (metadata === undefined || urn === "") return undefined;
  const type = text(metadata.type);
  const old = fields(metadata.old);
  const next = fields(metadata.new);
  if (type === STACK_TYPE) {
    if (phase !== "ends" || next === undefined) return undefined;
    return { kind: "outputs", outputs: showFields(fields(next.outputs) ?? {}) };
  }
  const operation = STEP_OPERATIONS.find((known) => known === metadata.op);
  if (operation === undefined) return { kind: "part", phase, urn };
  const step = describeStep(operation, { urn, type, old, next, keys: metadata.keys });
  return { kind: "step", phase, step };
}

function describeStep(
  operation: StepOperation,
  raw: {
    readonly urn: string;
    readonly type: string;
    readonly old: Fields | undefined;
    readonly next: Fields | undefined;
    readonly keys: Json | undefined;
  },
): EngineStep {
  const before = raw.old && showFields(fields(raw.old.inputs) ?? {});
  const after = raw.next && showFields(fields(raw.next.inputs) ?? {});
  const names =
    before && after ? [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted() : [];
  const changed = names.filter((name) => print(before?.[name]) !== print(after?.[name]));
  const replacedBecause = Array.isArray(raw.keys) ? raw.keys.map(text).toSorted() : [];
  const name = raw.urn.slice(raw.urn.lastIndexOf("::") + 2);
  return { operation, urn: raw.urn, type: raw.type, name, changed, replacedBecause, before, after };
}

function showFields(values: Fields): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !HIDDEN.has(name))
      .map(([name, value]) => [name, show(value)]),
  );
}

/** The value as people may see it. */
function show(value: Json): Json {
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return value.map(show);
  const object = fields(value);
  if (object === undefined) return value;
  if (object[SIGNATURE] === SECRET) return "[secret]";
  return Object.fromEntries(Object.entries(object).map(([name, inner]) => [name, show(inner)]));
}

function print(value: Json | undefined): string {
  return value === undefined ? "" : canonicalJson(value);
}

function parse(line: string): Fields | undefined {
  try {
    return fields(JSON.parse(line) as Json);
  } catch {
    return undefined;
  }
}

function fields(value: Json | undefined): Fields | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
