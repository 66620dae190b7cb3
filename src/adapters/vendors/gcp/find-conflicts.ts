import type { Vendor } from "../contract.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";

/** What Google Cloud would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) =>
  findFunctionConflicts(model, nodes, {
    whyDomain: "a host needs a record, which goes into the zone of a domain of this manifest",
    whyOneConsumer: "a queue has one consumer, and another app has this one already",
  });
