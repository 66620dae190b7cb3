import type { Issuer, PaymentTokenState } from "../../adapters/issuers/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { eventOf, leaseEvent, perform, settle } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest, Lease, LeaseWrite, Settlement } from "../ledger/ledger.ts";
import type { LeaseInputs, LeaseOutputs } from "../protocol.ts";
import { openSecrets, sealSecrets } from "../secrets.ts";
import { type AccountAccess, accessAccount } from "./account-access.ts";
import {
  type Answer,
  GONE,
  type Gone,
  type Handler,
  identifyIntent,
  nextIntent,
} from "./handler.ts";
import { issueToken } from "./issue-token.ts";
import { presentToken } from "./present-token.ts";
import { retryRevocations, sealRevocation } from "./revocations.ts";

type Inputs = LeaseInputs["payment-token"];

/** Payment tokens: issued with a cap and an expiry, then presented to the provider. The token itself never leaves the broker. */
export const paymentTokenHandler: Handler<"payment-token"> = {
  async open(context, opening) {
    const { identity, inputs, generation } = opening;
    const access = await accessAccount(context, identity, inputs.provider, inputs.account);
    if (!access.ok) return access;
    const ids = identifyIntent("payment-token", "create", identity, generation, inputs);
    const issued = await issueToken(context, access, inputs, opening.intent, (offset) => {
      const next =
        offset === 0
          ? ids
          : identifyIntent("payment-token", "create", identity, generation + offset, inputs);
      return { ...next, count: "tokens" };
    });
    if ("ok" in issued) return issued;
    const { intent, token } = issued;
    const lease: LeaseWrite = {
      id: intent.lease,
      identity,
      kind: "payment-token",
      generation: intent.generation,
      provider: inputs.provider,
      parent: access.account.id,
      state: "opening",
      revocability: "now",
      natural: token.reference,
      intent: intent.key,
      inputs: inputs as unknown as Json,
      outputs: outputsOf(intent, token.expiresAt),
      notes: { issuer: intent.via },
      expiresAt: Date.parse(token.expiresAt),
    };
    await settle(context, intent, {
      state: "settled",
      lease,
      secrets: sealSecrets(context, lease.id, { token: token.token }),
      events: [eventOf(context, intent, "payment-token-issued")],
    });
    return finishOpening(context, access, lease);
  },

  async adopt(context, lease, inputs) {
    const state = await observe(context, lease);
    if (state.kind === "unknown") return fail("provider_unreachable");
    if (state.kind !== "active") return end(context, lease);
    if (isOver(context, lease)) return endOverdue(context, lease);
    if (lease.state === "opening") {
      const access = await accessAccount(context, lease.identity, lease.provider, inputs.account);
      if (!access.ok) return access;
      const opened = await finishOpening(context, access, lease);
      if (!opened.ok) return opened;
    } else {
      await context.ledger.note([leaseEvent(context, lease, "payment-token-adopted")]);
    }
    return bringUpToDate(context, lease.id, inputs);
  },

  async read(context, lease) {
    if (lease.state !== "live") return GONE;
    const state = await observe(context, lease);
    if (state.kind === "unknown") return fail("provider_unreachable");
    return state.kind === "active" && !isOver(context, lease) ? grant(lease) : GONE;
  },

  update: (context, lease, inputs) => bringUpToDate(context, lease.id, inputs),

  async remove(context, lease) {
    const failure = await revokeAtIssuer(context, lease, {
      lease: { ...lease, state: "closed" },
      uncount: [{ count: "tokens", intent: lease.intent, reason: "revoked" }],
    });
    return failure ?? GONE;
  },

  revoke: (context, lease) =>
    revokeAtIssuer(context, lease, { lease: { ...lease, state: "revoked" } }),

  async rotate(context, lease) {
    const inputs = lease.inputs as unknown as Inputs;
    const access = await accessAccount(context, lease.identity, lease.provider, inputs.account);
    if (!access.ok) return access;
    const replaced = await replaceToken(context, access, lease, inputs);
    return replaced.ok ? undefined : replaced;
  },
};

/** Has the issuer kill the token, proved by reading back, and settles the lease's change with it. Undefined when done. */
async function revokeAtIssuer(
  context: BrokerContext,
  lease: Lease,
  change: Pick<Settlement, "lease" | "uncount">,
): Promise<BrokerFailure | undefined> {
  const issuer = findIssuer(context, lease);
  const { token } = await openSecrets(context, lease.id);
  if (issuer === undefined || token === undefined) return fail("not_revoked");
  const next = await nextIntent(context, lease, "delete");
  const done = await perform<PaymentTokenState | { kind: "unknown"; code: string }>(context, {
    open: next.kind === "open" ? next.intent : revokeRequest(context, next.request, issuer.id),
    send: async () => {
      const state = await issuer.revoke(token);
      return state.kind === "active" ? { kind: "unknown", code: "still_active" } : state;
    },
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return fail("not_revoked");
  await settle(context, done.intent, {
    ...change,
    state: "settled",
    events: [eventOf(context, done.intent, "payment-token-revoked")],
  });
  return undefined;
}

async function finishOpening(
  context: BrokerContext,
  access: AccountAccess,
  lease: LeaseWrite,
): Promise<Answer<"payment-token">> {
  const failure = await presentToken(context, access, lease);
  if (failure !== undefined) return failure;
  return grant(lease);
}

/** Takes over new inputs; another cap needs another token, and the old one is revoked. */
async function bringUpToDate(
  context: BrokerContext,
  id: string,
  inputs: Inputs,
): Promise<Answer<"payment-token">> {
  const lease = await context.ledger.lease(id);
  if (lease === undefined || lease.state !== "live") return fail("lease_unknown");
  const former = lease.inputs as unknown as Inputs;
  if (former.cap === inputs.cap) {
    if (former.issuers.join() !== inputs.issuers.join()) {
      const next: LeaseWrite = { ...lease, inputs: inputs as unknown as Json };
      await context.ledger.change({
        lease: next,
        events: [leaseEvent(context, next, "payment-token-updated")],
      });
    }
    return grant(lease);
  }
  const access = await accessAccount(context, lease.identity, lease.provider, inputs.account);
  return access.ok ? replaceToken(context, access, lease, inputs) : access;
}

/** Issues another token for the lease and presents it; the old one is revoked. */
async function replaceToken(
  context: BrokerContext,
  access: AccountAccess,
  lease: Lease,
  inputs: Inputs,
): Promise<Answer<"payment-token">> {
  const next = await nextIntent(context, lease, "replace");
  const unfinished = next.kind === "open" ? next.intent : undefined;
  const ids = identifyIntent("payment-token", "replace", lease.identity, 1, inputs);
  if (unfinished !== undefined && unfinished.fingerprint !== ids.fingerprint)
    return fail("payload_changed");
  const issued = await issueToken(context, access, inputs, unfinished, (offset) => {
    const first = next.kind === "open" ? next.intent.generation : next.request.generation;
    const own = identifyIntent("payment-token", "replace", lease.identity, first + offset, inputs);
    return { ...own, lease: lease.id };
  });
  if ("ok" in issued) return issued;
  const { token: old } = await openSecrets(context, lease.id);
  const replaced: LeaseWrite = {
    ...lease,
    state: "opening",
    natural: issued.token.reference,
    inputs: inputs as unknown as Json,
    outputs: outputsOf(issued.intent, issued.token.expiresAt),
    notes: { ...lease.notes, issuer: issued.intent.via },
    expiresAt: Date.parse(issued.token.expiresAt),
  };
  await settle(context, issued.intent, {
    state: "settled",
    lease: replaced,
    secrets: sealSecrets(context, lease.id, { token: issued.token.token }),
    revoke:
      old === undefined
        ? undefined
        : sealRevocation(context, lease.id, {
            kind: "payment-token",
            via: String(lease.notes.issuer),
            credential: old.reveal(),
          }),
    events: [eventOf(context, issued.intent, "payment-token-updated")],
  });
  const opened = await finishOpening(context, access, replaced);
  if (opened.ok) await retryRevocations(context);
  return opened;
}

function revokeRequest(
  context: BrokerContext,
  request: Extract<Awaited<ReturnType<typeof nextIntent>>, { readonly kind: "new" }>["request"],
  via: string,
): IntentRequest {
  const about = { ...request, via, fingerprint: "" };
  const event = eventOf(context, about, "payment-token-revoking");
  return { ...about, parameters: {}, stoppable: false, event };
}

async function observe(context: BrokerContext, lease: Lease): Promise<PaymentTokenState> {
  const issuer = findIssuer(context, lease);
  const { token } = await openSecrets(context, lease.id);
  if (issuer === undefined || token === undefined) return { kind: "unknown", code: "no_issuer" };
  return issuer.read(token);
}

function findIssuer(context: BrokerContext, lease: Lease): Issuer | undefined {
  return context.adapters.issuers.find((one) => one.id === lease.notes.issuer);
}

function isOver(context: BrokerContext, lease: Lease): boolean {
  return (lease.expiresAt ?? 0) <= context.clock.now();
}

/** A token past its end. Where its issuer does not know that end, it is revoked first. */
async function endOverdue(context: BrokerContext, lease: Lease): Promise<Gone | BrokerFailure> {
  if (findIssuer(context, lease)?.capabilities.expiry !== false) return end(context, lease);
  const failure = await revokeAtIssuer(context, lease, {
    lease: { ...lease, state: "closed" },
    uncount: [{ count: "tokens", intent: lease.intent, reason: "ended" }],
  });
  return failure ?? GONE;
}

/** With every run: tokens whose end their issuer does not enforce are ended by us. What cannot be reached is tried again with the next run. */
export async function revokeOverdueTokens(context: BrokerContext): Promise<void> {
  const overdue = (await context.ledger.openLeases()).filter(
    (lease) =>
      lease.kind === "payment-token" &&
      lease.state === "live" &&
      isOver(context, lease) &&
      findIssuer(context, lease)?.capabilities.expiry === false,
  );
  for (const { id, identity } of overdue) {
    const { project, stack, resource } = identity;
    await context.exclusively(`lease/${project}/${stack}/payment-token/${resource}`, async () => {
      const lease = await context.ledger.lease(id);
      if (lease?.state === "live") await endOverdue(context, lease);
    });
  }
}

/** The token is of no more use to anybody: its lease is closed and its count given back. */
async function end(context: BrokerContext, lease: Lease): Promise<Gone> {
  const closed: LeaseWrite = { ...lease, state: "closed" };
  await context.ledger.change({
    lease: closed,
    uncount: [{ count: "tokens", intent: lease.intent, reason: "ended" }],
    events: [leaseEvent(context, closed, "payment-token-ended")],
  });
  return GONE;
}

function outputsOf(intent: Intent, expiresAt: string): Json {
  return { paymentTokenId: intent.lease, issuer: intent.via, expiresAt };
}

function grant(lease: LeaseWrite): Answer<"payment-token"> {
  return {
    ok: true,
    id: lease.id,
    outputs: lease.outputs as unknown as LeaseOutputs["payment-token"],
  };
}
