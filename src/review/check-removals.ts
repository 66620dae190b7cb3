import type { Lowered } from "../adapters/vendors/contract.ts";
import type { Model, Verb } from "../compiler/2-model/model.ts";
import { RESOURCE_KINDS, type ResourceKind } from "../compiler/vocabulary.ts";
import { boundSink } from "../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../diagnostics/diagnostic.ts";
import { decide } from "../permissions/decide.ts";
import { classifyType, type Holding } from "./classify-type.ts";
import type { EngineStep } from "./engine-step.ts";
import { schemaTypeOf } from "./schema-type-of.ts";
import { indexStack, type StackIndex } from "./stack-index.ts";

export interface RemovalInput {
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  /** The engine's preview. */
  readonly steps: readonly EngineStep[];
  /** Portable kinds that a service of the catalogue may be. Without it, it may be any. */
  readonly listServed?: ((service: string) => readonly ResourceKind[]) | undefined;
  /** Who would apply it: `agent:build-bot`, `human:founder@example.com`. */
  readonly subject: string;
  /** The manifest's path, for what is no longer in it. */
  readonly manifest: string;
}

/**
 * Asks the permission matrix about every resource that the plan deletes or replaces, and reports what the subject may not. What only lacks
 * approval is no error: a person sees it in the review. Tokens and accounts are the broker's, which only ever takes power away with them.
 */
export function checkRemovals(input: RemovalInput, sink: DiagnosticSink): void {
  const { model, lowered, steps, subject, manifest } = input;
  const index = indexStack(model, lowered);
  const bounded = boundSink(sink);
  const reported = new Set<string>();
  const removed = new Set(steps.filter(({ op }) => op === "delete").map(({ name }) => name));
  // Parts have a dot in their name; what they are part of says more.
  const [parts, wholes] = [true, false].map((isPart) =>
    steps.filter(({ name }) => name.includes(".") === isPart),
  );
  for (const step of [...(wholes ?? []), ...(parts ?? [])]) {
    const removal = describeRemoval(input, step, index, (name) => removed.has(name));
    if (removal === undefined || reported.has(removal.resource)) continue;
    const { verb, kinds, resource, provider, location } = removal;
    const decision = kinds
      .map((kind) =>
        decide(model.permissions, {
          ...{ subject, verb, kind, live: model.live, project: model.name, provider },
          irreversible: true,
        }),
      )
      .find(({ outcome }) => outcome === "denied");
    if (decision === undefined) continue;
    reported.add(resource);
    const values = {
      ...{ subject: `the ${subject}`, verb, resource, kind: listKinds(kinds) },
      cause:
        step.op === "replace" ? "which would be made anew" : "which is no longer in the manifest",
      reason: decision.rule === undefined ? "no rule permits it" : "a rule forbids it",
      changed: step.op === "replace" ? step.changedKeys : undefined,
    };
    bounded.fail(() => createDiagnostic("SC4017", values, location ?? wholeFile(manifest)));
  }
  bounded.close(wholeFile(manifest));
}

interface Removal {
  readonly verb: Verb;
  /** One where it is known; each that it may have been where the manifest no longer says. */
  readonly kinds: readonly string[];
  /** The manifest resource, present or past. */
  readonly resource: string;
  readonly provider?: string | undefined;
  readonly location?: SourceLocation | undefined;
}

/** Of a type that is not known. A forbid for one kind can't tell that it is not meant, so every one is asked for. */
const ALL_KINDS: readonly string[] = ["unknown", ...RESOURCE_KINDS];

/**
 * What a step takes away; undefined for a step that removes nothing of the manifest's. What the resource is follows from its type: another of the same name
 * may be in the manifest by now.
 */
function describeRemoval(
  input: RemovalInput,
  step: EngineStep,
  index: StackIndex,
  isWhole: (name: string) => boolean,
): Removal | undefined {
  const { op, name, type } = step;
  if ((op !== "delete" && op !== "replace") || type.startsWith("pulumi:")) return undefined;
  const schemaType = schemaTypeOf(type);
  const { holds, kinds, provider } = classifyType(schemaType);
  if (holds === "power" || holds === "nothing") return undefined;
  const [resource = name] = name.split(".");
  const owner = index.resources.get(resource)?.node;
  const common = { resource, location: owner?.location };
  if (name !== resource && holds !== "data") {
    // A route or a consumer of an app that stays is a change of the app.
    if (owner !== undefined)
      return { ...common, provider: owner.provider, verb: "update", kinds: [owner.kind] };
    // It goes with what it is a part of, which is asked about.
    if (isWhole(resource)) return undefined;
  }
  const current = index.resources.get(name);
  const isStill = current?.lowered.type === schemaType && current.node !== undefined;
  return {
    ...common,
    provider: provider ?? (isStill ? current.provider : undefined),
    kinds:
      listFormerKinds(input, step) ??
      (isStill ? [current.node.kind] : kinds.length > 0 ? kinds : ALL_KINDS),
    verb: verbFor(op, holds),
  };
}

/** What a service of the catalogue was, which the manifest of now does not say; undefined where it is not known. */
function listFormerKinds(
  { listServed }: RemovalInput,
  { formerService }: EngineStep,
): readonly string[] | undefined {
  if (listServed === undefined || formerService === undefined) return undefined;
  return ["service", ...listServed(formerService)];
}

/** A domain that leaves the manifest stays registered; a secret of ours is forgotten. What is remade from the manifest loses nothing by being made anew. */
function verbFor(op: "delete" | "replace", holds: Holding): Verb {
  if (holds === "secret") return op === "delete" ? "revoke" : "rotate";
  if (holds === "domain") return op === "delete" ? "update" : "delete";
  return op === "replace" && holds === "remade" ? "update" : "delete";
}

/** `database`, or `database, bucket or kv`. */
function listKinds(kinds: readonly string[]): string {
  if (kinds === ALL_KINDS) return "unknown";
  const last = kinds.at(-1) ?? "unknown";
  return kinds.length < 2 ? last : `${kinds.slice(0, -1).join(", ")} or ${last}`;
}

function wholeFile(file: string): SourceLocation {
  const start = { line: 1, column: 1 };
  return { file, path: "", range: { start, end: start } };
}
