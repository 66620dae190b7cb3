import type { Permits } from "../broker/context.ts";
import type { LeaseKind } from "../broker/protocol.ts";
import type { Model, ResourceKind } from "../compiler/2-model/model.ts";
import { decideDelegated } from "../permissions/delegation.ts";
import type { Money } from "../util/money.ts";

/** Leases that are a manifest resource of their own. The others serve resources of several kinds. */
export const LEASE_RESOURCES: Readonly<Partial<Record<LeaseKind, ResourceKind>>> = {
  domain: "domain",
  "service-instance": "service",
  secret: "secret",
};

/**
 * The permission matrix as the broker asks it, for one subject (`agent:build-bot`, `human`). What serves several resources, such as a token, is
 * permitted when it is permitted for one of the resources that the manifest has. What would need approval is not permitted.
 */
export function createPermits(
  { permissions, limits, name, live, resources }: Model,
  subject: string,
): Permits {
  const present = resources.map(({ kind, name: resource, provider }) => ({
    ...{ kind, resource, provider },
  }));
  return (verb, lease, { delegations = [], ...facts }) => {
    const kind = LEASE_RESOURCES[lease];
    const amount = facts.amount && boundAmount(facts.amount, limits.perTransaction);
    const request = { subject, verb, live, project: name, ...facts, amount };
    const own = present.find(({ resource }) => resource === facts.resource);
    const asked =
      kind === undefined ? present : [{ kind, resource: facts.resource, provider: own?.provider }];
    return asked.some((about) => {
      const provider = facts.provider ?? about.provider;
      const whole = { ...request, ...about, provider };
      return decideDelegated(permissions, delegations, whole).outcome === "permitted";
    });
  };
}

/** The ledger lets no purchase be above its cap, so a price that may be anything up to a bound comes to no more than the cap. */
function boundAmount(amount: Money, cap: Money): Money {
  return amount.currency === cap.currency && amount.minor > cap.minor ? cap : amount;
}
