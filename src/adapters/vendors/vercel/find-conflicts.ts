import type { Vendor } from "../contract.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";

/** What Vercel would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) =>
  findFunctionConflicts(model, nodes, {});
