import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Vendor, VendorConflict } from "../contract.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";
import type { Context } from "../node-lowering.ts";
import { countFunctions } from "./database-load.ts";
import { CONNECTIONS_FOR_APPS } from "./function-limits.ts";
import { isTable } from "./lower-postgres.ts";
import { GCP } from "./lowering.ts";

/** What Google Cloud would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) => [
  ...findFunctionConflicts(model, nodes, {
    provider: GCP,
    whyDomain: "a host needs a record, which goes into the zone of a domain of this manifest",
    whyOneConsumer: "a queue has one consumer, and another app has this one already",
  }),
  ...findCrowds(model, nodes),
];

/** Databases with more functions than there are connections for. */
function findCrowds(model: Model, nodes: readonly ResourceNode[]): readonly VendorConflict[] {
  const context: Context = {
    model,
    nodes: new Map(model.resources.map((node) => [node.name, node])),
  };
  return nodes.filter(isTable).flatMap(({ name, location }) => {
    const functions = countFunctions(context, name);
    if (functions <= CONNECTIONS_FOR_APPS) return [];
    return {
      resource: name,
      location,
      reason: `its server has ${CONNECTIONS_FOR_APPS} connections for apps, and the apps that bind it are ${functions} functions`,
      remedy: "bind it to fewer apps, or give some of them a database of their own",
    };
  });
}
