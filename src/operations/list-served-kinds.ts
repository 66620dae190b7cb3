import { VENDORS } from "../adapters/vendors/registry.ts";
import type { ResourceKind } from "../compiler/2-model/model.ts";

/** Portable kinds that a service of the catalogue may be: `neon/postgres` is a database or a kv. */
export function listServedKinds(service: string): readonly ResourceKind[] {
  return VENDORS.flatMap(({ services = {} }) =>
    Object.entries(services).flatMap(([kind, one]) =>
      one === service ? [kind as ResourceKind] : [],
    ),
  );
}
