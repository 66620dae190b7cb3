import type { Lowered } from "../adapters/vendors/contract.ts";
import type { Model, Verb } from "../compiler/2-model/model.ts";
import { boundSink } from "../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../diagnostics/diagnostic.ts";
import { decide } from "../permissions/decide.ts";
import type { EngineStep } from "./engine-step.ts";
import { indexStack, type StackIndex } from "./stack-index.ts";

export interface RemovalInput {
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  /** The engine's preview. */
  readonly steps: readonly EngineStep[];
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
  // Parts have a dot in their name; what they are part of says more.
  const [parts, wholes] = [true, false].map((isPart) =>
    steps.filter(({ name }) => name.includes(".") === isPart),
  );
  for (const step of [...(wholes ?? []), ...(parts ?? [])]) {
    const removal = describeRemoval(step, index);
    if (removal === undefined || reported.has(removal.resource)) continue;
    const { verb, kind, resource, provider, location } = removal;
    const decision = decide(model.permissions, {
      ...{ subject, verb, kind, live: model.live, project: model.name, provider },
      irreversible: true,
    });
    if (decision.outcome !== "denied") continue;
    reported.add(resource);
    const values = {
      ...{ subject: `the ${subject}`, verb, resource, kind },
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
  readonly kind: string;
  /** The manifest resource, present or past. */
  readonly resource: string;
  readonly provider?: string | undefined;
  readonly location?: SourceLocation | undefined;
}

/** Kinds by the class of the engine's type, for what the manifest no longer has. */
const KINDS: Readonly<Record<string, string>> = {
  D1Database: "database",
  DnsRecord: "dns",
  Domain: "domain",
  GeneratedSecret: "secret",
  Queue: "queue",
  R2Bucket: "bucket",
  ServiceInstance: "service",
  WorkersCronTrigger: "cron",
  WorkersKvNamespace: "kv",
  WorkersScript: "app",
};

/** What comes wholly from the manifest, so that making it anew loses nothing. */
const REMADE: ReadonlySet<string> = new Set(["app", "site", "cron", "dns"]);

/** The verb that a step needs; undefined for a step that removes nothing of the manifest's. */
function describeRemoval(step: EngineStep, index: StackIndex): Removal | undefined {
  const { op, name, type } = step;
  if ((op !== "delete" && op !== "replace") || type.startsWith("pulumi:")) return undefined;
  const className = type.slice(type.lastIndexOf(":") + 1);
  if (POWERS.has(className)) return undefined;
  const [resource = name] = name.split(".");
  const owner = index.resources.get(resource)?.node;
  const namespace = type.slice(0, type.indexOf(":"));
  const provider = owner?.provider ?? (namespace === "pulumi-nodejs" ? undefined : namespace);
  const common = { resource, provider, location: owner?.location };
  // A route or a consumer of an app that stays is a change of the app.
  if (owner !== undefined && name !== resource)
    return { ...common, verb: "update", kind: owner.kind };
  // Only apps and sites have parts of their own.
  const kind = owner?.kind ?? (name === resource ? (KINDS[className] ?? "unknown") : "app");
  return { ...common, kind, verb: op === "delete" ? verbToDelete(kind) : verbToReplace(kind) };
}

const POWERS: ReadonlySet<string> = new Set(["Account", "PaymentToken", "AccessToken"]);

/** A domain that leaves the manifest stays registered; a secret of ours is forgotten. */
function verbToDelete(kind: string): Verb {
  if (kind === "domain") return "update";
  return kind === "secret" ? "revoke" : "delete";
}

function verbToReplace(kind: string): Verb {
  if (kind === "secret") return "rotate";
  return REMADE.has(kind) ? "update" : "delete";
}

function wholeFile(file: string): SourceLocation {
  const start = { line: 1, column: 1 };
  return { file, path: "", range: { start, end: start } };
}
