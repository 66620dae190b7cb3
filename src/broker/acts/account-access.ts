import type { AccountAnswer, Claim, Orchestrator } from "../../adapters/orchestrators/contract.ts";
import type { VendorClient } from "../../adapters/vendors/contract.ts";
import { Secret } from "../../util/secret.ts";
import { eventOf, explainWaiting, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Lease } from "../ledger/ledger.ts";
import type { Identity } from "../protocol.ts";
import { openSecrets } from "../secrets.ts";
import { askForKnown } from "./ask-for-known.ts";
import { nextIntent } from "./handler.ts";
import { noteSession } from "./note-session.ts";
import { sealSession } from "./seal-session.ts";

/** An account that can be used now. */
export interface AccountAccess {
  readonly ok: true;
  readonly account: Lease;
  readonly accountId: string;
  readonly credential: Secret;
  readonly orchestrator: Orchestrator;
  readonly vendor: VendorClient | undefined;
}

/**
 * Finds the stack's own live account at a provider, by lease or by the provider's id, and makes sure that its credential is good for a while.
 * Another stack's account is never found: the broker is no deputy for it.
 */
export async function accessAccount(
  context: BrokerContext,
  identity: Identity,
  provider: string,
  account: string,
): Promise<AccountAccess | BrokerFailure> {
  const open = await context.ledger.openLeases();
  const lease = open.find(
    (one) =>
      one.kind === "account" &&
      (one.state === "live" || one.state === "revoking" || one.state === "revoked") &&
      one.provider === provider &&
      one.identity.project === identity.project &&
      one.identity.stack === identity.stack &&
      (one.id === account || one.natural === account),
  );
  if (lease === undefined) return fail("account_missing");
  return lease.state === "live" ? accessLease(context, lease) : fail("lease_revoked");
}

/** {@link accessAccount} for a lease that hangs on the account. */
export async function accessParent(
  context: BrokerContext,
  lease: Lease,
): Promise<AccountAccess | BrokerFailure> {
  const account = await context.ledger.lease(lease.parent ?? "");
  if (account === undefined || account.state === "closed") return fail("account_missing");
  return accessLease(context, account);
}

/**
 * {@link accessParent} for an end or a look: an account of nobody whose credential was taken back has no other one, so that whoever vouches for it is asked
 * whether it is gone.
 */
export async function accessToEnd(
  context: BrokerContext,
  lease: Lease,
): Promise<AccountAccess | BrokerFailure> {
  const access = await accessParent(context, lease);
  if (access.ok || access.code !== "lease_revoked") return access;
  const account = await context.ledger.lease(lease.parent ?? "");
  if (account === undefined || account.notes.claimUntil === undefined) return access;
  const asked = await context.adapters.orchestrators[account.provider]
    ?.find((one) => one.id === account.notes.orchestrator)
    ?.requestAccount(askForKnown(account));
  const isGone = asked?.kind === "refused" && asked.code === "claim_expired";
  return isGone ? fail("account_gone") : access;
}

/** {@link accessAccount} for the account's own lease. */
export async function accessLease(
  context: BrokerContext,
  account: Lease,
): Promise<AccountAccess | BrokerFailure> {
  const orchestrator = context.adapters.orchestrators[account.provider]?.find(
    (one) => one.id === account.notes.orchestrator,
  );
  if (orchestrator === undefined) return fail("no_orchestrator");
  if (account.state === "revoked") return fail("lease_revoked");
  const vendor = context.adapters.vendors[account.provider];
  const ready = { ok: true, account, accountId: account.natural, orchestrator, vendor } as const;
  const look = async () => {
    const secrets = await openSecrets(context, account.id);
    const now = context.clock.now();
    const expiresAt = Date.parse(secrets.expiresAt?.reveal() ?? "");
    const isGood = expiresAt - now > context.timing.refreshMargin;
    const { accessToken: current, refreshToken } = secrets;
    return { now, expiresAt, current, refreshToken, isGood };
  };
  // A credential that is good for a while needs no turn: only a refresh must happen once.
  const seen = await look();
  if (seen.current !== undefined && seen.isGood) return { ...ready, credential: seen.current };
  return context.exclusively(`credential/${account.id}`, async () => {
    const { now, expiresAt, current, isGood, refreshToken } = await look();
    if (current !== undefined && isGood) return { ...ready, credential: current };
    const fresh = await refreshSession(context, account, orchestrator, refreshToken);
    if (fresh instanceof Secret) return { ...ready, credential: fresh };
    return current !== undefined && expiresAt > now ? { ...ready, credential: current } : fresh;
  });
}

/**
 * Gets a new credential. A refresh token is good for one use, so a lost answer may have used it up; repeating the account's own request,
 * which names this account and so never makes another, is the way back.
 */
export async function refreshSession(
  context: BrokerContext,
  account: Lease,
  orchestrator: Orchestrator,
  refreshToken: Secret | undefined,
): Promise<Secret | BrokerFailure> {
  const send = async (): Promise<AccountAnswer> => {
    const answer =
      refreshToken === undefined ? undefined : await orchestrator.refresh(refreshToken);
    if (answer?.kind === "connected") return answer;
    const again = await orchestrator.requestAccount(askForKnown(account));
    return again.kind === "refused" && answer !== undefined ? answer : again;
  };
  const next = await nextIntent(context, account, "refresh");
  const done = await perform<AccountAnswer>(context, {
    open:
      next.kind === "open"
        ? next.intent
        : {
            ...next.request,
            via: orchestrator.id,
            fingerprint: "",
            parameters: {},
            stoppable: false,
            event: eventOf(
              context,
              { ...next.request, via: orchestrator.id, fingerprint: "" },
              "credentials-rotating",
            ),
          },
    send,
    settleDoubt: async () => ({ kind: "send" }),
    startsAfresh: true,
  });
  if (done.kind === "denied") return done.failure;
  const { intent, answer } = done;
  if (done.kind === "waiting")
    return answer.kind === "unknown" ? fail("provider_unreachable") : explainWaiting(answer);
  if (answer.kind !== "connected") {
    await settleRefused(context, intent, answer);
    const code = answer.kind === "refused" ? answer.code : undefined;
    if (code === "claim_expired") return fail("account_gone");
    return fail(code === "unreachable" ? "provider_unreachable" : "refused_by_provider");
  }
  const { credentials } = answer;
  if (credentials.accountId !== account.natural) {
    await settleRefused(context, intent, { kind: "refused", code: "account_mismatch" });
    return fail("account_mismatch");
  }
  await settle(context, intent, {
    state: "settled",
    lease: {
      ...account,
      state: account.state === "revoked" ? "live" : account.state,
      notes: {
        ...account.notes,
        ...noteSession(context, account.provider, orchestrator.id, credentials),
      },
    },
    secrets: sealSession(
      context,
      account.id,
      credentials,
      answer.claim ?? (await keptClaim(context, account)),
    ),
    events: [eventOf(context, intent, "credentials-rotated")],
  });
  return credentials.accessToken;
}

/** A refresh says nothing about the claim, which stays what it was. */
async function keptClaim(context: BrokerContext, account: Lease): Promise<Claim | undefined> {
  const { claimUrl: url } = await openSecrets(context, account.id);
  const { claimUntil } = account.notes;
  return claimUntil === undefined ? undefined : { url, expiresAt: String(claimUntil) };
}
