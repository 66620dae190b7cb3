import type { Vendor } from "../contract.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";

/** What AWS would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) =>
  findFunctionConflicts(model, nodes, {
    whyDomain:
      "a host needs a certificate, whose record goes into the zone of a domain of this manifest",
    whyOneHost: "a site has one host, because its distribution has one certificate",
  });
