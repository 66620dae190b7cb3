import type { Vendor } from "../contract.ts";
import { findCrowdedDatabases } from "../find-crowded-databases.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";
import { CONNECTIONS_FOR_APPS, countApps } from "./database-load.ts";
import { isTable } from "./lower-postgres.ts";

/** What Azure would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) => [
  ...findFunctionConflicts(model, nodes, {
    whyDomain:
      "a host must be proved by a record, which goes into the zone of a domain of this manifest",
  }),
  ...findCrowdedDatabases(nodes.filter(isTable), {
    connections: CONNECTIONS_FOR_APPS,
    count: (table) => countApps(model, table),
    users: "apps",
  }),
];
