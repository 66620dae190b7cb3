import type { Permits } from "../broker/context.ts";
import type { Model } from "../compiler/2-model/model.ts";
import { decideDelegated } from "../permissions/delegation.ts";
import type { Money } from "../util/money.ts";
import { listLeaseKinds } from "./list-lease-kinds.ts";

/**
 * The permission matrix as the broker asks it, for one subject (`agent:build-bot`, `human`). What serves several resources, such as a token, is
 * permitted when it is permitted for one of the resources that the manifest has. What is a service of the catalogue and a portable kind must be permitted as both. What would need
 * approval is not permitted.
 */
export function createPermits(
  { permissions, limits, name, live, resources }: Model,
  subject: string,
): Permits {
  const present = resources.map(({ kind, name: resource, provider, service }) => ({
    ...{ kind, resource, provider, service },
  }));
  return (verb, lease, { delegations = [], ...facts }) => {
    const amount = facts.amount && boundAmount(facts.amount, limits.perTransaction);
    const request = { subject, verb, live, project: name, ...facts, amount };
    const own = present.find(({ resource }) => resource === facts.resource);
    const isPermitted = (about: {
      readonly kind: string;
      readonly resource?: string | undefined;
      readonly provider?: string | undefined;
    }): boolean => {
      const provider = facts.provider ?? about.provider;
      const whole = { ...request, ...about, provider };
      return decideDelegated(permissions, delegations, whole).outcome === "permitted";
    };
    const served = own?.service === undefined ? undefined : own.kind;
    const kinds = listLeaseKinds(lease, { verb, served, provider: facts.provider });
    if (kinds === undefined) return present.some((about) => isPermitted(about));
    const about = { resource: facts.resource, provider: own?.provider };
    return kinds.every((kind) => isPermitted({ kind, ...about }));
  };
}

/** The ledger lets no purchase be above its cap, so a price that may be anything up to a bound comes to no more than the cap. */
function boundAmount(amount: Money, cap: Money): Money {
  return amount.currency === cap.currency && amount.minor > cap.minor ? cap : amount;
}
