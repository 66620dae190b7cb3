import type { Verb } from "../compiler/vocabulary.ts";
import type { ActFacts, BrokerContext } from "./context.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { BrokerRequest, LeaseKind } from "./protocol.ts";

/**
 * Which verb of the permission matrix a request needs. Giving up an account or a token takes power away, so it is `revoke`; a service instance that
 * costs nothing needs `create-free` instead.
 */
export const REQUIRED_VERBS: Readonly<
  Record<LeaseKind, Readonly<Record<BrokerRequest["verb"], Verb>>>
> = {
  account: { create: "create-free", read: "read", update: "update", delete: "revoke" },
  "payment-token": {
    create: "issue-token",
    read: "read",
    update: "issue-token",
    delete: "revoke",
  },
  "access-token": { create: "issue-token", read: "read", update: "issue-token", delete: "revoke" },
  domain: { create: "create-paid", read: "read", update: "update", delete: "delete" },
  "service-instance": { create: "create-paid", read: "read", update: "update", delete: "delete" },
  // A secret of ours is forgotten: power is taken away and no data with it.
  secret: { create: "create-free", read: "read", update: "rotate", delete: "revoke" },
};

/** The verbs that a request needs before anything else is known of it; all must be permitted. */
export function requiredVerbs(request: BrokerRequest): readonly Verb[] {
  const { kind, verb } = request;
  // What a service costs is asked first, by its handler.
  if (kind === "service-instance" && verb === "create") return [];
  const renews = kind === "domain" && "inputs" in request && isRenewed(request.inputs);
  return [REQUIRED_VERBS[kind][verb], ...(renews ? (["renew"] as const) : [])];
}

/** The failure when the matrix does not permit it, else undefined. */
export function refuseVerb(
  context: BrokerContext,
  kind: LeaseKind,
  verb: Verb,
  facts: ActFacts,
): BrokerFailure | undefined {
  return context.permits(verb, kind, facts) ? undefined : fail("not_permitted", { verb, kind });
}

function isRenewed(inputs: object): boolean {
  return "autoRenew" in inputs && inputs.autoRenew === true;
}
