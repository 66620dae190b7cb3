import { accessTokenHandler, ensureToken } from "./acts/access-token.ts";
import { paymentTokenHandler } from "./acts/payment-token.ts";
import type { BrokerContext } from "./context.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { Lease } from "./ledger/ledger.ts";
import { isSubAgentToken } from "./narrow-request.ts";
import { refuseVerb } from "./policy.ts";
import type { LeaseInputs } from "./protocol.ts";

export interface RenewalReport {
  /** Resources whose token lives longer now, value unchanged. */
  readonly renewed: readonly string[];
  /** Resources whose token is another one now; the stack must be refreshed to see it. */
  readonly reminted: readonly string[];
  readonly failed: readonly { readonly resource: string; readonly failure: BrokerFailure }[];
}

type Renewal = "renewed" | "reminted" | "untouched" | BrokerFailure;

/**
 * Sees to it that a stack's credentials outlive a run: every live access token lives for its full time from now, and a payment token that is over, or soon
 * will be, is replaced. What a person took back is a failure: no run takes it again by itself. At the begin of a run (`isBegin`), what sub-agents of
 * an earlier one had is revoked; within it, theirs just end.
 */
export async function renewCredentials(
  context: BrokerContext,
  project: string,
  stack: string,
  { isBegin }: { readonly isBegin: boolean },
): Promise<RenewalReport | BrokerFailure> {
  const refusal = refuseVerb(context, "access-token", "issue-token", {});
  if (refusal !== undefined) return refusal;
  const leases = (await context.ledger.openLeases()).filter(
    ({ kind, identity }) =>
      (kind === "access-token" || kind === "payment-token") &&
      identity.project === project &&
      identity.stack === stack,
  );
  const done = await Promise.all(
    leases.map(async ({ id, kind, identity: { resource } }) => ({
      resource,
      outcome: await context.exclusively(`lease/${project}/${stack}/${kind}/${resource}`, () =>
        renew(context, id, isBegin),
      ),
    })),
  );
  const named = (wanted: string): readonly string[] =>
    done.filter(({ outcome }) => outcome === wanted).map(({ resource }) => resource);
  return {
    renewed: named("renewed"),
    reminted: named("reminted"),
    failed: done.flatMap(({ resource, outcome }) =>
      typeof outcome === "string" ? [] : [{ resource, failure: outcome }],
    ),
  };
}

async function renew(context: BrokerContext, id: string, isBegin: boolean): Promise<Renewal> {
  const lease = await context.ledger.lease(id);
  if (lease !== undefined && isSubAgentToken(lease)) {
    if (!isBegin) return "untouched";
    const removed = await accessTokenHandler.remove(context, lease);
    return removed.ok ? "untouched" : removed;
  }
  if (lease?.state === "revoking" || lease?.state === "revoked") return fail("lease_revoked");
  if (lease?.state !== "live") return "untouched";
  if (lease.kind === "access-token")
    return ensureToken(context, lease, lease.inputs as unknown as LeaseInputs["access-token"]);
  if (!isNearEnd(context, lease)) return "untouched";
  return (await paymentTokenHandler.rotate?.(context, lease)) ?? "reminted";
}

/** An eighth of its life is left: four days of the default 32. */
function isNearEnd({ clock, timing }: BrokerContext, { expiresAt = 0 }: Lease): boolean {
  return expiresAt - clock.now() < timing.paymentTokenLife / 8;
}
