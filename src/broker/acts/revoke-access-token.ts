import type { TokenAnswer } from "../../adapters/vendors/contract.ts";
import { eventOf, perform, settle } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { IntentRequest, Lease, Settlement } from "../ledger/ledger.ts";
import { type AccountAccess, accessToEnd } from "./account-access.ts";
import { nextIntent } from "./handler.ts";
import { isTokenOver } from "./is-token-over.ts";
import { revokeAttempts } from "./mint-token.ts";

/** Has the vendor delete the token, and what a lost attempt may have left, and settles the lease's change with it. Undefined when done. */
export async function revokeAtVendor(
  context: BrokerContext,
  lease: Lease,
  change: Pick<Settlement, "lease" | "uncount">,
): Promise<BrokerFailure | undefined> {
  const access = await accessToEnd(context, lease);
  if (!access.ok && !isTokenOver(context, lease.expiresAt, access)) return access;
  if (access.ok && access.vendor === undefined) return fail("not_revoked");
  const about = await describeTokenAct(context, lease, "delete", "access-token-revoking");
  const done = await perform<TokenAnswer>(context, {
    open: about,
    // What an earlier attempt may have left ended before the token did.
    send: async () => (access.ok ? erase(context, access, lease) : { kind: "absent" }),
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return fail("not_revoked");
  await settle(context, done.intent, {
    ...change,
    state: "settled",
    events: [eventOf(context, done.intent, "access-token-revoked")],
  });
  return undefined;
}

async function erase(
  context: BrokerContext,
  access: AccountAccess,
  lease: Lease,
): Promise<TokenAnswer> {
  const { vendor, credential, accountId } = access;
  if (vendor === undefined) return { kind: "unknown", code: "no_vendor" };
  const isClean = await sweep(context, vendor, access, lease);
  if (!isClean) return { kind: "unknown", code: "orphan_not_revoked" };
  const answer = await vendor.revokeToken({ credential, accountId, tokenId: lease.natural });
  return answer.kind === "absent" ? answer : { kind: "unknown", code: "still_present" };
}

/** Attempts before the one that succeeded may have arrived late. */
function sweep(
  context: BrokerContext,
  vendor: NonNullable<AccountAccess["vendor"]>,
  access: AccountAccess,
  lease: Lease,
): Promise<boolean> {
  const { mintedBy, attempts } = lease.notes;
  const minting = { identity: lease.identity, key: String(mintedBy) };
  return revokeAttempts(context, vendor, access, minting, Number(attempts) - 1);
}

/** The unfinished act on an access token, or a new one to record. */
export async function describeTokenAct(
  context: BrokerContext,
  lease: Lease,
  verb: "delete" | "renew" | "replace",
  name: "access-token-revoking" | "access-token-renewing" | "access-token-requested",
  fingerprint = "",
  stoppable = verb !== "delete",
) {
  const next = await nextIntent(context, lease, verb);
  if (next.kind === "open") return next.intent;
  const about = { ...next.request, via: lease.provider, fingerprint };
  const parameters = { accountLease: lease.parent ?? "" };
  const request: IntentRequest = {
    ...about,
    parameters,
    stoppable,
    event: eventOf(context, about, name),
  };
  return request;
}
