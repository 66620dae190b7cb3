import { boundSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { valueAt } from "./known-keys.ts";
import { type ManifestData, manifestSchema } from "./manifest-schema.ts";
import { type ReadData, readData } from "./read-data.ts";
import { reportRepeats } from "./report-repeats.ts";
import { fileLocation, type SourceFile } from "./source-text.ts";
import type { Locator } from "./spans.ts";

/** A manifest whose every value has the right form; names and references are not yet resolved. */
export interface Manifest {
  readonly file: string;
  readonly data: ManifestData;
  readonly locator: Locator;
}

/**
 * Reads `supercargo.yaml`. Undefined when it has errors; at most a hundred are reported, and a last one that counts the rest. Never
 * throws, whatever the bytes; time is linear in their number.
 */
export function readManifest(source: SourceFile, sink: DiagnosticSink): Manifest | undefined {
  const bounded = boundSink(sink);
  const read = readData(source, manifestSchema, bounded);
  if (read !== undefined) {
    for (const key of ["orchestrator", "payment"] as const)
      reportRepeats(read.value[key], [key], read.locator, bounded);
    for (const [name, resource] of Object.entries(read.value.resources))
      if (resource.kind === "domain") warnOfMappedDomain(name, resource.domain, read, bounded);
  }
  bounded.close(fileLocation(source.path));
  if (read === undefined || bounded.errors > 0) return undefined;
  return { file: source.path, data: read.value, locator: read.locator };
}

/** A domain outside ASCII is registered in its A-label form, which the author must see. */
function warnOfMappedDomain(
  name: string,
  ascii: string,
  { raw, locator }: ReadData<ManifestData>,
  sink: DiagnosticSink,
): void {
  const path = ["resources", name, "domain"];
  const value = valueAt(raw, path);
  if (typeof value === "string" && value !== ascii)
    sink.report(createDiagnostic("SC2021", { value, ascii }, locator.value(path)));
}
