import type { DomainAnswer } from "../../adapters/vendors/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { formatMoney } from "../../util/money.ts";
import { eventOf, explainWaiting, leaseEvent, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { fail } from "../errors.ts";
import { RENEWS } from "../ledger/commitment-book.ts";
import type { Intent, Lease, LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseInputs, LeaseOutputs } from "../protocol.ts";
import { type AccountAccess, accessAccount, accessParent } from "./account-access.ts";
import { settleDomainDoubt } from "./domain-doubt.ts";
import { type Answer, GONE, type Handler, nextIntent, type Opening } from "./handler.ts";
import { isAboveHold } from "./is-above-hold.ts";
import { pollPending } from "./poll.ts";
import { domainInput, prepareDomain, queueDomain } from "./prepare-domain.ts";

type Inputs = LeaseInputs["domain"];
type Registered = DomainAnswer & { readonly kind: "registered" };

/** Domains: bought once, kept for ever. Nothing here deletes, transfers or buys a second time. */
export const domainHandler: Handler<"domain"> = {
  open: openDomain,

  async adopt(context, lease, inputs) {
    const access = await accessParent(context, lease);
    if (!access.ok) return access;
    const seen = await observe(access, lease.natural);
    if (seen.kind === "absent" || seen.kind === "refused") return fail("domain_lost");
    if (seen.kind === "unknown") return fail("provider_unreachable");
    if (seen.kind !== "registered" && lease.state === "opening") return explainWaiting(seen);
    await context.ledger.note([leaseEvent(context, lease, "domain-adopted")]);
    return bringUpToDate(context, access, complete(lease, seen), inputs);
  },

  async read(context, lease) {
    const access = await accessParent(context, lease);
    if (!access.ok) return access;
    const seen = await observe(access, lease.natural);
    if (seen.kind === "absent") return GONE;
    if (seen.kind === "unknown" || seen.kind === "refused") return fail("provider_unreachable");
    if (seen.kind !== "registered") return grant(lease);
    const { zoneId, expiresAt } = seen;
    const outputs = lease.outputs as unknown as LeaseOutputs["domain"];
    return { ok: true, id: lease.id, outputs: { ...outputs, zoneId, expiresAt } };
  },

  async update(context, lease, inputs) {
    const access = await accessParent(context, lease);
    return access.ok ? bringUpToDate(context, access, lease, inputs) : access;
  },

  async remove() {
    return fail("domain_never_deleted");
  },
};

async function openDomain(
  context: BrokerContext,
  opening: Opening<"domain">,
): Promise<Answer<"domain">> {
  const { identity, inputs } = opening;
  if (await isOwnedElsewhere(context, inputs, identity)) return fail("domain_owned_elsewhere");
  const access = await accessAccount(context, identity, inputs.provider, inputs.account);
  if (!access.ok)
    return access.code === "provider_unreachable" ? queueDomain(context, opening) : access;
  const { vendor } = access;
  if (vendor === undefined) return fail("unknown_provider");
  const open = await prepareDomain(context, opening, access, vendor);
  if ("ok" in open) return open;

  // What was recorded is what is sent: the caps have seen that, and nothing else.
  const recorded: Inputs = { ...inputs, autoRenew: open.parameters.autoRenew === true };
  const input = domainInput(access, recorded);
  const isOurs = open.parameters.isOurs === true;
  const done = await perform<DomainAnswer>(context, {
    open,
    async send() {
      // Whether it renews by itself is not known of one that is ours already, so it is set.
      const first = await (isOurs ? vendor.setAutoRenew(input) : vendor.registerDomain(input));
      return pollPending(context, first, () => vendor.readDomain(input));
    },
    settleDoubt: async (intent) =>
      isOurs ? { kind: "send" } : settleDomainDoubt(context, vendor, input, intent),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  if (done.answer.kind !== "registered") {
    await settleRefused(context, done.intent, done.answer);
    return fail("refused_by_provider");
  }
  const own = { ...opening, inputs: recorded };
  const answer = await capture(context, own, access, done.intent, done.answer);
  if (!answer.ok || recorded.autoRenew === inputs.autoRenew) return answer;
  const lease = await context.ledger.lease(answer.id);
  return lease === undefined ? answer : bringUpToDate(context, access, lease, inputs);
}

/** Captures what was charged, never more than was held. A charge above the hold is an incident: the provider is frozen, a person must look. */
async function capture(
  context: BrokerContext,
  { identity, inputs }: Opening<"domain">,
  access: AccountAccess,
  intent: Intent,
  answer: Registered,
): Promise<Answer<"domain">> {
  const held = await context.ledger.heldBy(intent.key);
  const isIncident = isAboveHold(answer.price, held);
  const nothing = { currency: context.limits.total.currency, minor: 0n };
  const pricePaid = formatMoney(answer.price ?? held ?? nothing);
  const outputs: LeaseOutputs["domain"] = {
    domain: answer.domain,
    zoneId: answer.zoneId,
    expiresAt: answer.expiresAt,
    pricePaid,
  };
  const lease: LeaseWrite = {
    id: intent.lease,
    identity,
    kind: "domain",
    generation: intent.generation,
    provider: inputs.provider,
    parent: access.account.id,
    state: "live",
    revocability: "never",
    natural: inputs.domain,
    intent: intent.key,
    inputs: inputs as unknown as Json,
    outputs: outputs as unknown as Json,
    notes: { renewal: intent.parameters.renewal ?? "" },
    expiresAt: Date.parse(answer.expiresAt),
  };
  const done = eventOf(
    context,
    intent,
    held === undefined ? "domain-adopted" : "domain-registered",
  );
  const incident = { ...eventOf(context, intent, "charged-above-hold"), amount: pricePaid };
  await settle(context, intent, {
    state: "settled",
    capture: isIncident ? "whole" : (answer.price ?? "whole"),
    lease,
    freeze: isIncident ? { scope: inputs.provider, reason: "charged_above_hold" } : undefined,
    events: [{ ...done, amount: pricePaid }, ...(isIncident ? [incident] : [])],
  });
  if (isIncident && held !== undefined)
    return fail("charged_above_hold", { charged: pricePaid, held: formatMoney(held) });
  return grant(lease);
}

/** What a settled doubt could not know of a domain is seen now. */
function complete(lease: Lease, seen: DomainAnswer): Lease {
  if (lease.state !== "opening" || seen.kind !== "registered") return lease;
  const { zoneId, expiresAt } = seen;
  const outputs = lease.outputs as unknown as LeaseOutputs["domain"];
  return {
    ...lease,
    outputs: { ...outputs, zoneId, expiresAt } as unknown as Json,
    expiresAt: Date.parse(expiresAt),
  };
}

/** The only thing about a domain that can change is whether it renews by itself. */
async function bringUpToDate(
  context: BrokerContext,
  access: AccountAccess,
  lease: Lease,
  inputs: Inputs,
): Promise<Answer<"domain">> {
  const former = lease.inputs as unknown as Inputs;
  const next: LeaseWrite = { ...lease, state: "live", inputs: inputs as unknown as Json };
  const { vendor } = access;
  if (former.autoRenew === inputs.autoRenew || vendor === undefined) {
    await context.ledger.change({ lease: next, events: [] });
    return grant(lease);
  }
  const own = await nextIntent(context, lease, "update");
  const fingerprint = String(inputs.autoRenew);
  const about =
    own.kind === "open" ? own.intent : { ...own.request, via: lease.provider, fingerprint };
  const done = await perform<DomainAnswer>(context, {
    open:
      own.kind === "open"
        ? own.intent
        : {
            ...own.request,
            via: lease.provider,
            fingerprint,
            parameters: {
              accountLease: access.account.id,
              object: lease.natural,
              ...(inputs.autoRenew ? { [RENEWS]: lease.intent } : {}),
            },
            // To renew no more spends nothing, and is free even when all else stands still.
            stoppable: inputs.autoRenew,
            event: { ...eventOf(context, about, "domain-updating"), object: lease.natural },
          },
    send: () =>
      vendor.setAutoRenew({ ...domainInput(access, inputs), autoRenew: inputs.autoRenew }),
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  if (done.answer.kind !== "registered") {
    await settleRefused(context, done.intent, done.answer);
    return fail("refused_by_provider");
  }
  await settle(context, done.intent, {
    state: "settled",
    // Held when it is due in this very month.
    capture: "whole",
    lease: next,
    renewal: { intent: lease.intent, automatic: inputs.autoRenew },
    events: [eventOf(context, done.intent, "domain-updated")],
  });
  return grant(lease);
}

async function isOwnedElsewhere(
  context: BrokerContext,
  inputs: Inputs,
  identity: Opening<"domain">["identity"],
): Promise<boolean> {
  const owners = await context.ledger.leasesOf("domain", inputs.provider, inputs.domain);
  return owners.some(
    ({ state, identity: owner }) =>
      state !== "closed" &&
      owner.project === identity.project &&
      owner.stack === identity.stack &&
      owner.resource !== identity.resource,
  );
}

function observe(access: AccountAccess, domain: string): Promise<DomainAnswer> {
  const { vendor, credential, accountId } = access;
  return vendor === undefined
    ? Promise.resolve({ kind: "unknown", code: "no_vendor" })
    : vendor.readDomain({ credential, accountId, domain });
}

function grant(lease: LeaseWrite): Answer<"domain"> {
  return { ok: true, id: lease.id, outputs: lease.outputs as unknown as LeaseOutputs["domain"] };
}
