import { ISSUERS } from "../adapters/issuers/registry.ts";
import { ORCHESTRATORS } from "../adapters/orchestrators/registry.ts";
import type { Lowered } from "../adapters/vendors/contract.ts";
import { findVendor } from "../adapters/vendors/find-vendor.ts";
import { VENDORS } from "../adapters/vendors/registry.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { Model } from "../compiler/2-model/model.ts";
import type { PolicyResult } from "../compiler/3-policy/policy-result.ts";
import type { ArtifactBuilder } from "../compiler/4-emit/built-artifact.ts";
import { type CompileResult, compile } from "../compiler/compile.ts";
import type { EngineId } from "../compiler/vocabulary.ts";
import { placeStack } from "../migration/place-stack.ts";
import { findProject, type Project, type ProjectQuery, showPath } from "./find-project.ts";
import { openFormMemory } from "./form-memory.ts";
import { GENERATOR, PARSER_VERSION } from "./generator.ts";
import { type Refusal, refuse } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

/** Which project, and for which stack. */
export interface StackQuery extends ProjectQuery {
  /** Default `local`. */
  readonly stack?: string | undefined;
  /** In place of the manifest's. */
  readonly engine?: EngineId | undefined;
  /** A person acts, not the manifest's agent: a person may also remove. Default false. */
  readonly person?: boolean | undefined;
  /** Where the stack's resources go, in place of what the manifest says of the stack. */
  readonly provider?: string | undefined;
}

/** A project without errors, compiled. */
export interface CompiledProject {
  readonly project: Project;
  readonly diagnostics: CompileResult["diagnostics"];
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  readonly policy: PolicyResult;
  /** Path in the stack's folder -> content; undefined when nothing was to be emitted. */
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
}

export interface CompileOptions {
  /** Also build the apps and print the stack, which takes longer; `unbuilt`: print it without the apps, enough to remove what it made. */
  readonly emit: boolean | "unbuilt";
  /** What the guardrails refuse is no error here: it stands already, and is looked at or removed. Default false. */
  readonly ignorePolicy?: boolean | undefined;
}

/** Finds a project and compiles it for a stack. Answers with a refusal that holds the diagnostics when there are errors. */
export async function compileSources(
  { cwd }: Workplace,
  query: StackQuery,
  { emit, ignorePolicy = false }: CompileOptions,
): Promise<CompiledProject | Refusal> {
  const project = findProject(cwd, query);
  if ("ok" in project) return project;
  const artifacts = await loadArtifactBuilder(cwd, project, emit);
  const stack = query.stack ?? "local";
  const { provider } = query;
  const result = await compile({
    manifest:
      provider === undefined ? project.manifest : placeStack(project.manifest, stack, provider),
    guardrails: project.guardrails,
    stack,
    engine: query.engine,
    person: query.person,
    printRefused: ignorePolicy,
    catalog: loadCatalog(),
    vendors: VENDORS,
    findVendor,
    orchestrators: ORCHESTRATORS.flatMap(({ names }) => names),
    issuers: ISSUERS.map(({ id }) => id),
    artifacts,
    generator: GENERATOR,
    forms: emit !== false ? openFormMemory(PARSER_VERSION) : undefined,
  });
  const { model, lowered, policy, files } = result;
  const diagnostics = ignorePolicy
    ? result.diagnostics.filter(({ code }) => !code.startsWith("SC4"))
    : result.diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0 || !model || !lowered || !policy || (emit !== false && !files)) {
    return refuseInput(diagnostics, errors, policy !== undefined);
  }
  return { project, diagnostics, model, lowered, policy, files };
}

async function loadArtifactBuilder(
  cwd: string,
  { folder }: Project,
  emit: CompileOptions["emit"],
): Promise<ArtifactBuilder | undefined> {
  if (emit === false) return undefined;
  if (emit === "unbuilt")
    return (await import("../compiler/4-emit/skip-artifacts.ts")).skipArtifacts;
  const { createArtifactBuilder } = await import("../compiler/4-emit/build-artifacts.ts");
  const shown = showPath(cwd, folder);
  return createArtifactBuilder({ path: folder, shown: folder === cwd ? "." : shown });
}

function refuseInput(
  diagnostics: CompileResult["diagnostics"],
  errors: number,
  byPolicy: boolean,
): Refusal {
  const count = errors === 1 ? "1 error" : `${errors} errors`;
  return refuse(
    byPolicy
      ? { kind: "refused", code: "not-allowed", message: `the stack is refused: ${count}` }
      : { kind: "refused", code: "invalid-input", message: `the input has ${count}` },
    { diagnostics },
  );
}
