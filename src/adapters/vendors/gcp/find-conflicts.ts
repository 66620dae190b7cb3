import type { Vendor } from "../contract.ts";
import { findCrowdedDatabases } from "../find-crowded-databases.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";
import { countFunctions } from "./database-load.ts";
import { CONNECTIONS_FOR_APPS } from "./function-limits.ts";
import { isTable } from "./lower-postgres.ts";

/** What Google Cloud would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) => [
  ...findFunctionConflicts(model, nodes, {
    whyDomain: "a host needs a record, which goes into the zone of a domain of this manifest",
    whyOneConsumer: "a queue has one consumer, and another app has this one already",
  }),
  ...findCrowdedDatabases(nodes.filter(isTable), {
    connections: CONNECTIONS_FOR_APPS,
    count: (table) => countFunctions(model, table),
    users: "functions",
  }),
];
