import type { LeaseKind } from "../broker/protocol.ts";
import type { Model, ResourceKind, Verb } from "../compiler/2-model/model.ts";
import { decidePermission } from "../compiler/3-policy/decide-permission.ts";

/** Leases that are a manifest resource of their own. The others serve resources of several kinds. */
const OWN_KINDS: Readonly<Partial<Record<LeaseKind, ResourceKind>>> = {
  domain: "domain",
  "service-instance": "service",
  secret: "secret",
};

/**
 * The permission matrix as the broker asks it, for one subject (`agent:build-bot`, `human`). What serves several resources, such as a token, is
 * permitted when it is permitted for one of the kinds that the manifest has.
 */
export function createPermits(
  { guardrails, resources }: Model,
  subject: string,
): (verb: Verb, kind: LeaseKind) => boolean {
  const present = [...new Set(resources.map((node) => node.kind))];
  return (verb, lease) => {
    const own = OWN_KINDS[lease];
    return (own === undefined ? present : [own]).some(
      (kind) => decidePermission(guardrails.permissions, { subject, verb, kind }) === "permitted",
    );
  };
}
