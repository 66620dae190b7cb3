import type { Secret } from "../../util/secret.ts";
import { leaseEvent } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Lease } from "../ledger/ledger.ts";
import { refuseVerb } from "../policy.ts";
import { openSecrets } from "../secrets.ts";
import { findFreeze } from "./find-freeze.ts";

/** The way to make an account of nobody one's own. */
export interface ShownClaim {
  readonly ok: true;
  /** Whoever opens it owns the account. */
  readonly url: Secret;
  /** RFC 3339. */
  readonly until: string;
}

/** Opens the sealed claim link of an account, if the matrix lets who asks claim and nothing is frozen; that it was shown is logged first. */
export async function showClaim(
  context: BrokerContext,
  lease: Lease,
): Promise<ShownClaim | BrokerFailure> {
  const { identity, provider } = lease;
  const refusal = refuseVerb(context, "account", "claim", {
    resource: identity.resource,
    provider,
  });
  if (refusal !== undefined) return refusal;
  const freeze = await findFreeze(context, provider);
  if (freeze !== undefined) return fail("frozen", { scope: freeze.scope });
  if (lease.state === "revoking" || lease.state === "revoked") return fail("lease_revoked");
  const claim = await findLink(context, lease);
  if (!claim.ok) return claim;
  await context.ledger.note([leaseEvent(context, lease, "claim-link-shown")]);
  await context.ledger.exportLog();
  return claim;
}

/** The sealed link; where the orchestrator's links are short-lived, a fresh one. */
async function findLink(context: BrokerContext, lease: Lease): Promise<ShownClaim | BrokerFailure> {
  const { claimUrl: url, accessToken } = await openSecrets(context, lease.id);
  const until = String(lease.notes.claimUntil);
  if (!(Date.parse(until) > context.clock.now())) return fail("nothing_to_claim");
  if (url !== undefined) return { ok: true, url, until };
  const orchestrator = context.adapters.orchestrators[lease.provider]?.find(
    ({ id }) => id === lease.notes.orchestrator,
  );
  if (orchestrator === undefined) return fail("no_orchestrator");
  if (accessToken === undefined) return fail("nothing_to_claim");
  const made = await orchestrator.makeClaimLink?.({ accessToken });
  if (made === undefined || (made.kind === "refused" && made.code !== "unreachable"))
    return fail("nothing_to_claim");
  if (made.kind !== "link") return fail("provider_unreachable");
  return { ok: true, url: made.url, until: made.expiresAt };
}
