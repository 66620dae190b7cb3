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
  const { claimUrl: url } = await openSecrets(context, lease.id);
  const until = String(lease.notes.claimUntil);
  if (url === undefined || !(Date.parse(until) > context.clock.now()))
    return fail("nothing_to_claim");
  await context.ledger.note([leaseEvent(context, lease, "claim-link-shown")]);
  await context.ledger.exportLog();
  return { ok: true, url, until };
}
