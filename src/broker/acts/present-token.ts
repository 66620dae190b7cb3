import type { ResourceAnswer } from "../../adapters/orchestrators/contract.ts";
import { sha256 } from "../../util/sha256.ts";
import { eventOf, explainWaiting, leaseEvent, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { LeaseWrite } from "../ledger/ledger.ts";
import { openSecrets } from "../secrets.ts";
import type { AccountAccess } from "./account-access.ts";
import { nextIntent } from "./handler.ts";
import { pollPending } from "./poll.ts";
import { revealPayment } from "./reveal-payment.ts";
import { retryRevocations, sealRevocation } from "./revocations.ts";

/**
 * Presents an issued payment token to the provider, once: by creating the provider's free plan with it, or, where an earlier token of the account has
 * done that, by naming the new token for that plan. The lease is live after that. A token that the provider refuses is revoked. Undefined when done.
 */
export async function presentToken(
  context: BrokerContext,
  access: AccountAccess,
  lease: LeaseWrite,
): Promise<BrokerFailure | undefined> {
  const plan = context.providers[lease.provider]?.presentWith;
  // Whoever pays with its own means never sends a token: that only tells that the purchase is held.
  if (access.orchestrator.capabilities.payment === "own")
    return (await prepareOwnPayment(context, access, lease)) ?? enliven(context, lease);
  if (plan === undefined) return enliven(context, lease);
  const { token } = await openSecrets(context, lease.id);
  if (token === undefined) return fail("payment_token_missing");
  const { credential: accessToken, orchestrator } = access;
  const fingerprint = sha256(lease.natural);
  const next = await nextIntent(context, lease, "present");
  const about =
    next.kind === "open" ? next.intent : { ...next.request, via: orchestrator.id, fingerprint };
  // The token that this intent was made for was replaced: its plan, if it came to be, has a dead token.
  if (about.fingerprint !== fingerprint) {
    if (next.kind === "open")
      await settleRefused(context, next.intent, { kind: "refused", code: "superseded" });
    return presentToken(context, access, lease);
  }
  const earlier = await context.ledger.leasesBelow(access.account.id, "payment-token");
  const planId = earlier.findLast(({ notes }) => typeof notes.planId === "string")?.notes.planId as
    | string
    | undefined;
  const done = await perform<ResourceAnswer>(context, {
    open:
      next.kind === "open"
        ? next.intent
        : {
            ...next.request,
            via: orchestrator.id,
            fingerprint,
            parameters: { accountLease: access.account.id },
            stoppable: true,
            event: eventOf(context, about, "payment-token-presenting"),
          },
    repeats: 1,
    send: async (intent) => {
      const resourceId = `plan_${intent.key.slice(0, 40)}`;
      const given = await revealPayment(context, lease);
      if (given.kind !== "revealed") return given;
      const { credential: paymentToken, type: paymentType } = given;
      const named =
        planId === undefined
          ? undefined
          : await orchestrator.presentPayment({
              accessToken,
              id: planId,
              paymentToken,
              paymentType,
            });
      const isNoPlan = named === undefined || named.kind === "absent" || named.kind === "removed";
      const first = isNoPlan
        ? await orchestrator.createResource({
            ...{ accessToken, resourceId, paymentToken, paymentType },
            service: plan,
            config: {},
          })
        : named;
      return pollPending(context, first, (last) =>
        orchestrator.readResource({ accessToken, id: "id" in last ? last.id : "" }),
      );
    },
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  if (done.answer.kind === "complete") {
    await settle(context, done.intent, {
      state: "settled",
      lease: { ...lease, state: "live", notes: { ...lease.notes, planId: done.answer.id } },
      events: [eventOf(context, done.intent, "payment-token-presented")],
    });
    return undefined;
  }
  await settleRefused(context, done.intent, done.answer, {
    lease: { ...lease, state: "closed" },
    uncount: [{ count: "tokens", intent: lease.intent, reason: "refused" }],
    revoke: sealRevocation(context, lease.id, {
      kind: "payment-token",
      via: String(lease.notes.issuer),
      credential: token.reveal(),
    }),
  });
  await retryRevocations(context);
  return fail("refused_by_provider");
}

/** There is nobody to send the token to. */
async function enliven(context: BrokerContext, lease: LeaseWrite): Promise<undefined> {
  const live: LeaseWrite = { ...lease, state: "live" };
  const events = [leaseEvent(context, live, "payment-token-presented")];
  await context.ledger.change({ lease: live, events });
}

/** Nothing is bought before the limit of whoever pays stands; that it is asked for is logged before. */
async function prepareOwnPayment(
  context: BrokerContext,
  { orchestrator }: AccountAccess,
  lease: LeaseWrite,
): Promise<BrokerFailure | undefined> {
  if (orchestrator.prepareOwnPayment === undefined) return undefined;
  await context.ledger.note([leaseEvent(context, lease, "payment-token-presenting")]);
  await context.ledger.exportLog();
  const refused = await orchestrator.prepareOwnPayment();
  return refused && fail("own_payment_unlimited");
}
