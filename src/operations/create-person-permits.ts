import type { Permits } from "../broker/context.ts";
import type { Guardrails } from "../compiler/1-manifest/guardrails.ts";
import { compilePermissions } from "../permissions/compile-permissions.ts";
import { decide } from "../permissions/decide.ts";
import { listLeaseKinds } from "./list-lease-kinds.ts";

/** Who confirms (`confirmation.ts`) is taken for a person, on a live stack whoever types at a terminal; what no file permits people stays denied. */
export function createPersonPermits(guardrails: Guardrails, live: boolean): Permits {
  const policy = compilePermissions(guardrails, guardrails.limits);
  return (verb, lease, { amount: _, delegations: __, ...facts }) => {
    const kinds = listLeaseKinds(lease, { verb, provider: facts.provider }) ?? ["service"];
    return kinds.every(
      (kind) =>
        decide(policy, { ...{ subject: "human", verb, live, kind }, ...facts }).outcome ===
        "permitted",
    );
  };
}
