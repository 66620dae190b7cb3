import type { Lowered, Vendor } from "../adapters/vendors/contract.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Diagnostic, DiagnosticSink, SourceLocation } from "../diagnostics/diagnostic.ts";
import { sha256 } from "../util/sha256.ts";
import type { Guardrails } from "./1-manifest/guardrails.ts";
import { readGuardrails } from "./1-manifest/read-guardrails.ts";
import { type Manifest, readManifest } from "./1-manifest/read-manifest.ts";
import type { SourceFile } from "./1-manifest/source-text.ts";
import { buildModel } from "./2-model/build-model.ts";
import type { Model } from "./2-model/model.ts";
import { evaluatePolicy } from "./3-policy/evaluate-policy.ts";
import type { PolicyResult } from "./3-policy/policy-result.ts";
import type { ArtifactBuilder, BuiltArtifact } from "./4-emit/built-artifact.ts";
import { emitCrossplane } from "./4-emit/crossplane/emit-crossplane.ts";
import type { EmitInput } from "./4-emit/emit-input.ts";
import { emitOpentofu } from "./4-emit/opentofu/emit-opentofu.ts";
import { checkStatements, type FormMemory } from "./4-emit/pulumi/check-statements.ts";
import { emitPulumi } from "./4-emit/pulumi/emit-pulumi.ts";
import { checkCrossplane, checkCrossplaneCode } from "./check-crossplane.ts";
import { expandFiles } from "./expand-files.ts";
import { lowerModel } from "./lower-model.ts";
import { stackFiles } from "./stack-files.ts";
import type { EngineId } from "./vocabulary.ts";

export interface CompileInput {
  readonly manifest: SourceFile;
  /** Default: the strict guardrails that are built in. */
  readonly guardrails?: SourceFile | undefined;
  /** `local`, or a stack that the manifest declares. */
  readonly stack: string;
  /** What applies the stack, in place of the manifest's word. */
  readonly engine?: EngineId | undefined;
  /** A person acts, not the manifest's agent; default false. */
  readonly person?: boolean | undefined;
  /** Also print what the policy refuses, which is still reported; default false. */
  readonly printRefused?: boolean | undefined;
  readonly catalog: Catalog;
  /** Vendors on which kinds can be placed, and the one of each provider. */
  readonly vendors: readonly Vendor[];
  readonly findVendor: (provider: string) => Vendor;
  /** Ids of the known ones; without a list they are not checked. */
  readonly orchestrators?: readonly string[] | undefined;
  readonly issuers?: readonly string[] | undefined;
  /** Without it nothing is built and nothing is emitted: enough to validate, to estimate and to decide. */
  readonly artifacts?: ArtifactBuilder | undefined;
  readonly generator: { readonly name: string; readonly version: string };
  /** Without it every form of statement is parsed anew. */
  readonly forms?: FormMemory | undefined;
}

/** Every intermediate form, as far as the compiler came. */
export interface CompileResult {
  /** In the order in which they were found; the input is fine when none is an error. */
  readonly diagnostics: readonly Diagnostic[];
  readonly manifest?: Manifest | undefined;
  readonly guardrails?: Guardrails | undefined;
  readonly model?: Model | undefined;
  readonly lowered?: readonly Lowered[] | undefined;
  readonly policy?: PolicyResult | undefined;
  readonly artifacts?: readonly BuiltArtifact[] | undefined;
  /** Path in the stack's folder -> content. */
  readonly files?: ReadonlyMap<string, Uint8Array> | undefined;
}

/**
 * Compiles a manifest to the files of a stack. Bad input gives diagnostics and stops after the phase that found it, except that a
 * stack which the policy refuses is not built; only bugs throw. The same input gives the same bytes.
 */
export async function compile(input: CompileInput): Promise<CompileResult> {
  const diagnostics: Diagnostic[] = [];
  const sink: DiagnosticSink = { report: (diagnostic) => void diagnostics.push(diagnostic) };
  const failed = (): boolean => diagnostics.some(({ severity }) => severity === "error");

  const manifest = readManifest(input.manifest, sink);
  const guardrails = readGuardrails(input.guardrails, sink);
  const forms: CompileResult = { diagnostics, manifest, guardrails };
  if (manifest === undefined || guardrails === undefined) return forms;

  const digests = digestInputs(input);
  const model = buildModel({ ...input, manifest, guardrails, digests }, sink);
  if (model === undefined) return forms;

  const lowered = lowerModel(model, input.findVendor, sink);
  if (lowered === undefined) return { ...forms, model };

  if (model.engine === "crossplane") checkCrossplane(model, lowered, sink);
  const { catalog, person } = input;
  const policy = evaluatePolicy({ model, lowered, catalog, person }, sink);
  const isRefused = failed() && input.printRefused !== true;
  if (isRefused || input.artifacts === undefined) return { ...forms, model, lowered, policy };

  const wanted = lowered.flatMap(({ artifacts }) => artifacts);
  const artifacts = await input.artifacts(wanted, createLocator(model), sink);
  if (artifacts === undefined) return { ...forms, model, lowered, policy };

  if (model.engine === "crossplane" && !checkCrossplaneCode(model, artifacts, sink))
    return { ...forms, model, lowered, policy };

  const whole = expandFiles(lowered, artifacts);
  const emitted = { model, lowered: whole, artifacts, generator: input.generator };
  const texts = await emit(emitted, input.forms);
  const files = stackFiles(texts, artifacts);
  return { ...forms, model, lowered: whole, policy, artifacts, files };
}

/** Prints the stack in the dialect of its engine. */
async function emit(
  input: EmitInput,
  forms: FormMemory | undefined,
): Promise<ReadonlyMap<string, string>> {
  switch (input.model.engine) {
    case "crossplane":
      return emitCrossplane(input);
    case "opentofu":
      return emitOpentofu(input);
    case "pulumi": {
      const { texts, statements } = emitPulumi(input);
      await checkStatements(statements, forms);
      return texts;
    }
  }
}

function digestInputs({ manifest, guardrails, catalog }: CompileInput): Model["digests"] {
  const digest = (file: SourceFile | undefined): string => {
    if (file === undefined) return sha256("");
    return sha256("bytes" in file ? file.bytes : file.text);
  };
  return { manifest: digest(manifest), guardrails: digest(guardrails), catalog: catalog.digest };
}

function createLocator({ resources }: Model): (resource: string) => SourceLocation {
  const locations = new Map(resources.map(({ name, location }) => [name, location]));
  return (resource) => {
    const location = locations.get(resource);
    if (location === undefined) throw new Error(`no resource ${resource}`);
    return location;
  };
}
