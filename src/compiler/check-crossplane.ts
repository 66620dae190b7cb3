import type { Lowered } from "../adapters/vendors/contract.ts";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../diagnostics/diagnostic.ts";
import type { Model } from "./2-model/model.ts";
import type { BuiltArtifact } from "./4-emit/built-artifact.ts";
import { LEASE_GROUP } from "./4-emit/crossplane/crossplane-names.ts";
import { findUnprintable } from "./4-emit/crossplane/find-unprintable.ts";

/**
 * The most bytes of code of one stack. A cluster's store takes requests of 1.5 MiB (etcd docs, "System limits"), and code with many line ends or quotes is
 * longer there than it is here.
 */
const CODE_BYTES_MAX = 1_000_000;

/** Says what of a stack cannot be printed for Crossplane, and that what can be is applied by nobody yet. */
export function checkCrossplane(
  model: Model,
  lowered: readonly Lowered[],
  sink: DiagnosticSink,
): void {
  const [first] = model.resources;
  if (first === undefined) return;
  const locations = new Map(model.resources.map(({ name, location }) => [name, location]));
  const found = findUnprintable(model, lowered).map(({ name, origin = name, reason }) => ({
    ...{ name: origin, reason },
  }));
  for (const [reason, group] of Map.groupBy(found, (one) => one.reason)) {
    const [name = "", ...more] = new Set(group.map((one) => one.name));
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    const location = locations.get(name) ?? first.location;
    sink.report(createDiagnostic("SC5001", { name, others, reason }, location));
  }
  if (found.length > 0) return;
  sink.report(createDiagnostic("SC5002", { kinds: `the kinds of ${LEASE_GROUP}` }, first.location));
}

/** Whether the apps' code fits into the stack's own object; reports the error when it does not. */
export function checkCrossplaneCode(
  { resources }: Model,
  artifacts: readonly BuiltArtifact[],
  sink: DiagnosticSink,
): boolean {
  const code = artifacts.filter(({ kind }) => kind === "bundle");
  const bytes = code
    .flatMap(({ files }) => files)
    .reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (bytes <= CODE_BYTES_MAX) return true;
  const owner = resources.find(({ name }) => name === code[0]?.name) ?? resources[0];
  const location: SourceLocation | undefined = owner?.location;
  if (location === undefined) throw new Error("code of no resource");
  sink.report(createDiagnostic("SC5003", { bytes, limit: CODE_BYTES_MAX }, location));
  return false;
}
