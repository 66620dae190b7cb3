import type { Secret } from "../../util/secret.ts";
import { leaseEvent } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Lease } from "../ledger/ledger.ts";
import { refuseVerb } from "../policy.ts";
import { accessLease } from "./account-access.ts";
import { findFreeze } from "./find-freeze.ts";

/** A way into an account's dashboard. */
export interface ShownDashboard {
  readonly ok: true;
  /** Whoever opens it is signed in; it works once. */
  readonly url: Secret;
  /** RFC 3339. */
  readonly until: string;
}

/**
 * Asks for a link to an account's dashboard, if the matrix lets who asks claim and nothing is frozen: who is signed in there can do all that the account can.
 * That it is shown is logged before it is asked for.
 */
export async function showDashboard(
  context: BrokerContext,
  lease: Lease,
): Promise<ShownDashboard | BrokerFailure> {
  const { identity, provider } = lease;
  const { resource } = identity;
  const refusal = refuseVerb(context, "account", "claim", { resource, provider });
  if (refusal !== undefined) return refusal;
  const freeze = await findFreeze(context, provider);
  if (freeze !== undefined) return fail("frozen", { scope: freeze.scope });
  if (lease.state === "revoking" || lease.state === "revoked") return fail("lease_revoked");
  const access = await accessLease(context, lease);
  if (!access.ok) return access;
  const { openDashboard } = access.orchestrator;
  if (openDashboard === undefined) return fail("no_dashboard");
  await context.ledger.note([leaseEvent(context, lease, "dashboard-link-shown")]);
  await context.ledger.exportLog();
  const answer = await openDashboard({ accessToken: access.credential });
  if (answer.kind === "link") return { ok: true, url: answer.url, until: answer.expiresAt };
  const isNone = answer.kind === "refused" && answer.code !== "unreachable";
  return fail(isNone ? "no_dashboard" : "provider_unreachable");
}
