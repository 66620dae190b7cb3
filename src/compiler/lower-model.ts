import type { Lowered, ResolveReference, Vendor } from "../adapters/vendors/contract.ts";
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
  const vendors = new Map(
    placed.flatMap(({ vendor, nodes }) => nodes.map(({ name }) => [name, vendor] as const)),
  );
  const resolve = createResolver(model, vendors);
  const records = Map.groupBy(
    placed.flatMap(({ vendor, nodes }) => vendor.listRecords?.(model, nodes, resolve) ?? []),
    ({ domain }) => vendors.get(domain),
  );
  const lowered = placed.map(({ vendor, nodes }) =>
    vendor.lower(model, nodes, { resolve, records: records.get(vendor) ?? [] }),
  );
  checkNames(lowered);
  return lowered;
}

/** No manifest may make one name of two: vendors choose their parts of names so. */
function checkNames(lowered: readonly Lowered[]): void {
  const origins = new Map<string, string>();
  for (const { provider, resources } of lowered)
    for (const { name, origin = "all" } of resources) {
      const own = `${origin} at ${provider}`;
      const other = origins.get(name);
      if (other !== undefined)
        throw new Error(`more than one resource is called ${name}: of ${other} and of ${own}`);
      origins.set(name, own);
    }
}

/** What a reference comes to is for the vendor to say that has the resource. */
function createResolver(model: Model, vendors: ReadonlyMap<string, Vendor>): ResolveReference {
  const resolvers = new Map<Vendor, ResolveReference>();
  const resolve: ResolveReference = (reference) => {
    const vendor = vendors.get(reference.resource);
    if (vendor === undefined) throw new Error(`no resource ${reference.resource}`);
    const own = resolvers.get(vendor) ?? vendor.createResolver(model, resolve);
    resolvers.set(vendor, own);
    return own(reference);
  };
  return resolve;
}
