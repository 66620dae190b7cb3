import type { Lowered } from "../adapters/vendors/contract.ts";
import type { Model, Verb } from "../compiler/2-model/model.ts";
import { boundSink } from "../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../diagnostics/diagnostic.ts";
import { decide } from "../permissions/decide.ts";
import type { EngineStep } from "./engine-step.ts";
import { schemaTypeOf } from "./schema-type-of.ts";
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

/** Kinds by type in the provider's schema, for what the manifest no longer has. */
const KINDS: Readonly<Record<string, string>> = {
  cloudflare_d1_database: "database",
  cloudflare_dns_record: "dns",
  supercargo_domain: "domain",
  supercargo_secret: "secret",
  cloudflare_queue: "queue",
  cloudflare_r2_bucket: "bucket",
  supercargo_service_instance: "service",
  cloudflare_workers_cron_trigger: "cron",
  cloudflare_workers_kv_namespace: "kv",
  cloudflare_workers_script: "app",
  docker_container: "app",
  docker_volume: "volume",
};

/** What comes wholly from the manifest, so that making it anew loses nothing. */
const REMADE: ReadonlySet<string> = new Set(["app", "site", "cron", "dns"]);

/** The verb that a step needs; undefined for a step that removes nothing of the manifest's. */
function describeRemoval(step: EngineStep, index: StackIndex): Removal | undefined {
  const { op, name, type } = step;
  if ((op !== "delete" && op !== "replace") || type.startsWith("pulumi:")) return undefined;
  const schemaType = schemaTypeOf(type);
  if (POWERS.has(schemaType)) return undefined;
  const [resource = name] = name.split(".");
  const owner = index.resources.get(resource)?.node;
  const namespace = schemaType.slice(0, schemaType.indexOf("_"));
  const provider = owner?.provider ?? (namespace === "supercargo" ? undefined : namespace);
  const common = { resource, provider, location: owner?.location };
  // A route or a consumer of an app that stays is a change of the app.
  if (owner !== undefined && name !== resource)
    return { ...common, verb: "update", kind: owner.kind };
  // Only apps and sites have parts of their own.
  const kind = owner?.kind ?? (name === resource ? (KINDS[schemaType] ?? "unknown") : "app");
  return { ...common, kind, verb: op === "delete" ? verbToDelete(kind) : verbToReplace(kind) };
}

const POWERS: ReadonlySet<string> = new Set([
  "supercargo_account",
  "supercargo_payment_token",
  "supercargo_access_token",
  // Shared by the containers of a stack, and nothing of anybody's is in them.
  "docker_image",
  "docker_network",
]);

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
