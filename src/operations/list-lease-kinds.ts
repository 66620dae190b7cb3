import { findVendor } from "../adapters/vendors/find-vendor.ts";
import { VENDORS } from "../adapters/vendors/registry.ts";
import type { LeaseKind } from "../broker/protocol.ts";
import type { ResourceKind, Verb } from "../compiler/2-model/model.ts";

/** Leases that are a manifest resource of their own. */
const OWN: Readonly<Partial<Record<LeaseKind, ResourceKind>>> = {
  domain: "domain",
  "service-instance": "service",
  secret: "secret",
};

/**
 * The kinds of the one manifest resource that a lease is; undefined where it serves resources of several kinds. A service of the catalogue is also what it `served` in the
 * manifest. Where the manifest does not say, and always before it is removed, it is whatever its provider serves by services: a name may have been another kind's before.
 */
export function listLeaseKinds(
  lease: LeaseKind,
  about: {
    readonly verb: Verb;
    readonly served?: ResourceKind | undefined;
    readonly provider?: string | undefined;
  },
): readonly ResourceKind[] | undefined {
  const kind = OWN[lease];
  if (kind !== "service") return kind && [kind];
  const { verb, served, provider } = about;
  // What is created is in the manifest, or is the plan that all of a provider's services need.
  const isCreate = verb === "create-free" || verb === "create-paid";
  const isStated = verb !== "delete" && (isCreate || served !== undefined);
  return [...new Set([kind, ...(isStated ? [served ?? kind] : listServed(provider))])];
}

function listServed(provider: string | undefined): readonly ResourceKind[] {
  const vendors = provider === undefined ? VENDORS : [findVendor(provider)];
  return vendors.flatMap(({ services = {} }) => Object.keys(services) as ResourceKind[]);
}
