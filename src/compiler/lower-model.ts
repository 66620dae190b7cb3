import type { Lowered, Vendor } from "../adapters/vendors/contract.ts";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../diagnostics/diagnostic.ts";
import type { Model } from "./2-model/model.ts";

/**
 * Hands each vendor the resources placed on it. Undefined, with the errors reported, when a vendor cannot serve them together. One
 * answer per provider, in the order in which the manifest first names them.
 */
export function lowerModel(
  model: Model,
  findVendor: (provider: string) => Vendor,
  sink: DiagnosticSink,
): readonly Lowered[] | undefined {
  const placed = [...Map.groupBy(model.resources, ({ provider }) => provider)].map(
    ([provider, nodes]) => ({ vendor: findVendor(provider), nodes }),
  );
  const conflicts = placed.flatMap(({ vendor, nodes }) =>
    (vendor.findConflicts?.(model, nodes) ?? []).map((conflict) => ({ vendor, conflict })),
  );
  for (const { vendor, conflict } of conflicts) {
    const { resource, reason, remedy, location } = conflict;
    const values = { title: vendor.title, resource, reason, advice: remedy };
    sink.report(createDiagnostic("SC3010", values, location));
  }
  if (conflicts.length > 0) return undefined;
  const providers = new Map(model.resources.map(({ name, provider }) => [name, provider]));
  const records = Map.groupBy(
    placed.flatMap(({ vendor, nodes }) => vendor.listRecords?.(model, nodes) ?? []),
    ({ domain }) => providers.get(domain),
  );
  return placed.map(({ vendor, nodes }) =>
    vendor.lower(model, nodes, records.get(nodes[0]?.provider)),
  );
}
