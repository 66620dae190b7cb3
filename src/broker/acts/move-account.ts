import type { AccountAnswer, Orchestrator } from "../../adapters/orchestrators/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { eventOf, explainWaiting, leaseEvent, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, Lease } from "../ledger/ledger.ts";
import { refuseVerb } from "../policy.ts";
import { openSecrets } from "../secrets.ts";
import { explainAccountRefusal } from "./explain-account-refusal.ts";
import { noteSession } from "./note-session.ts";
import { requestLink } from "./request-link.ts";
import { retryRevocations, sealRevocation } from "./revocations.ts";
import { sealSession } from "./seal-session.ts";

/** What became of the session that an account was reached through before. */
export interface AccountMove {
  readonly ok: true;
  readonly from: string;
  readonly to: string;
  /**
   * `ended`: the provider confirmed it. `unconfirmed`: tried again with every run. `expires`: it can't be ended there, and dies by itself. `lives-on`: only
   * whoever made the token can end it.
   */
  readonly oldSession: "ended" | "unconfirmed" | "expires" | "lives-on";
  /** RFC 3339; when the old session dies by itself. */
  readonly oldSessionExpiresAt: string | undefined;
}

/** Lets another orchestrator vouch for an account that exists, if the matrix lets who asks move it; the account and all that hangs on it stay. */
export async function moveAccount(
  context: BrokerContext,
  account: Lease,
  to: string,
): Promise<AccountMove | BrokerFailure> {
  const { project, stack, resource } = account.identity;
  const { provider } = account;
  const refusal = refuseVerb(context, "account", "move", { resource, provider });
  if (refusal !== undefined) return refusal;
  return context.exclusively(`lease/${project}/${stack}/account/${resource}`, () =>
    context.exclusively(`credential/${account.id}`, async () => {
      const lease = await context.ledger.lease(account.id);
      if (lease?.state === "revoked" || lease?.state === "revoking") return fail("lease_revoked");
      if (lease?.kind !== "account" || lease.state !== "live") return fail("lease_unknown");
      return move(context, lease, to);
    }),
  );
}

async function move(
  context: BrokerContext,
  lease: Lease,
  to: string,
): Promise<AccountMove | BrokerFailure> {
  const adapters = context.adapters.orchestrators[lease.provider] ?? [];
  const [target, source] = [to, lease.notes.orchestrator].map((id) =>
    adapters.find((one) => one.id === id),
  );
  if (lease.notes.orchestrator === to || target === undefined || !target.capabilities.links)
    return fail("account_not_movable", { orchestrator: to });
  if (target.hasOwnIds === true || source?.hasOwnIds === true) {
    const services = await context.ledger.leasesBelow(lease.id, "service-instance");
    if (services.some(isHeld)) return fail("services_not_movable", { orchestrator: to });
  }
  if (!(await target.isHealthy())) return fail("no_orchestrator");
  const { identity, provider, notes } = lease;
  const { email, name } = notes;
  const about = {
    verb: "move" as const,
    identity,
    provider,
    email: String(email),
    name: String(name),
  };
  const done = await requestLink(context, { lease: lease.id, ...about }, target);
  if (done.kind === "elsewhere") return fail("payload_changed");
  if (done.kind === "denied") return done.failure;
  const { answer, intent } = done;
  if (done.kind === "waiting") return explainWaiting(answer);
  if (answer.kind !== "connected" || answer.credentials.accountId !== lease.natural) {
    const refusal =
      answer.kind === "refused" ? answer : ({ kind: "refused", code: "account_mismatch" } as const);
    await settleRefused(context, intent, refusal);
    return answer.kind === "refused" ? explainAccountRefusal(answer) : fail("account_mismatch");
  }
  return settleMove(context, { lease, source, intent, answer });
}

/** What is not closed would be bought again, or called removed, by whoever does not find it. */
function isHeld({ state }: Lease): boolean {
  return state !== "closed";
}

/** The new session is the account's from here on; the old one is to be ended where that can be done. */
async function settleMove(
  context: BrokerContext,
  {
    lease,
    source,
    intent,
    answer,
  }: {
    readonly lease: Lease;
    readonly source: Orchestrator | undefined;
    readonly intent: Intent;
    readonly answer: AccountAnswer & { readonly kind: "connected" };
  },
): Promise<AccountMove> {
  const { notes } = lease;
  const from = String(notes.orchestrator);
  const { accessToken, refreshToken } = await openSecrets(context, lease.id);
  // One that is not connected now is asked later, if it can end sessions at all.
  const ends = source === undefined ? notes.endsSessions === true : source.endSession !== undefined;
  const isEndable = ends && accessToken !== undefined;
  const old = { accessToken: accessToken?.reveal(), refreshToken: refreshToken?.reveal() };
  const credential = JSON.stringify(old);
  await settle(context, intent, {
    state: "settled",
    lease: {
      ...lease,
      outputs: { ...(lease.outputs as Readonly<Record<string, Json>>), orchestrator: intent.via },
      notes: {
        ...notes,
        ...intent.parameters,
        ...noteSession(context, lease.provider, intent.via, answer.credentials),
      },
    },
    secrets: sealSession(context, lease.id, answer.credentials, answer.claim),
    revoke: isEndable
      ? sealRevocation(context, lease.id, { kind: "session", via: from, credential })
      : undefined,
    events: [
      eventOf(context, intent, "account-moved"),
      ...(isEndable ? [] : [{ ...leaseEvent(context, lease, "session-left"), via: from }]),
    ],
  });
  await retryRevocations(context);
  const left = (await context.ledger.revocations()).some(
    (one) => one.lease === lease.id && one.kind === "session",
  );
  const { sessionExpiresAt, sessionLivesOn: livesOn } = notes;
  return {
    ...{ ok: true, from, to: intent.via },
    oldSession: isEndable ? (left ? "unconfirmed" : "ended") : livesOn ? "lives-on" : "expires",
    oldSessionExpiresAt:
      typeof sessionExpiresAt === "string" && !livesOn ? sessionExpiresAt : undefined,
  };
}
