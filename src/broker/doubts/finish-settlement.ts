import type { Json } from "../../util/canonical-json.ts";
import { formatMoney } from "../../util/money.ts";
import { eventOf, openOutcome, settle } from "../act.ts";
import { isAboveHold } from "../acts/is-above-hold.ts";
import type { BrokerContext } from "../context.ts";
import type { Intent, Lease, LeaseWrite, Settlement } from "../ledger/ledger.ts";
import { vouchFor } from "./vouched.ts";
import { isWord, type Word } from "./word.ts";

/** Lets the books follow where a settled doubt was written down by a process that died before they did; for the beginning of a run. */
export async function finishSettlements(context: BrokerContext): Promise<void> {
  for (const intent of await context.ledger.openIntents()) {
    const answer = intent.state === "answered" ? openOutcome(context, intent) : undefined;
    if (isWord(answer)) await finishSettlement(context, intent, answer);
  }
}

/** Captures at most what is held, or gives all of it back. Sends nothing, and the act is never sent again. */
export async function finishSettlement(
  context: BrokerContext,
  intent: Intent,
  { happened, charged, seen }: Word,
): Promise<void> {
  // Its entry is written already.
  if (!happened) return settle(context, intent, { state: "refused", events: [] });
  const isIncident = isAboveHold(charged, await context.ledger.heldBy(intent.key));
  const amount = charged === undefined ? undefined : formatMoney(charged);
  await settle(context, intent, {
    state: "settled",
    capture: isIncident ? "whole" : (charged ?? "whole"),
    ...(await whatCame(context, intent, seen)),
    freeze: isIncident ? { scope: intent.provider, reason: "charged_above_hold" } : undefined,
    events: isIncident ? [{ ...eventOf(context, intent, "charged-above-hold"), amount }] : [],
  });
}

type Change = Pick<Settlement, "lease" | "uncount" | "renewal">;

/** What an act that has happened leaves, as far as that can be known without its answer. */
async function whatCame(
  { ledger }: BrokerContext,
  intent: Intent,
  seen: Word["seen"],
): Promise<Change> {
  const { kind, verb } = intent;
  if (verb === "create")
    return kind === "domain" || kind === "service-instance"
      ? { lease: vouchedLease(intent, kind, seen) }
      : {};
  const lease = await ledger.lease(intent.lease);
  if (lease === undefined) return {};
  if (kind === "domain" && verb === "update") return renewed(intent, lease);
  if (kind === "payment-token" && verb === "present") return { lease: { ...lease, state: "live" } };
  return verb === "delete" ? removed(lease) : {};
}

/** It exists, and is not usable before its resource is asked for again. */
function vouchedLease(
  intent: Intent,
  kind: "domain" | "service-instance",
  seen: Word["seen"],
): LeaseWrite {
  const { identity, generation, provider, parameters, key, lease: id } = intent;
  const { accountLease, object, autoRenew, price } = parameters;
  const isDomain = kind === "domain";
  return {
    ...{ id, identity, kind, generation, provider, intent: key },
    parent: String(accountLease),
    state: "opening",
    revocability: "never",
    natural: isDomain ? String(object) : `svc_${key.slice(0, 40)}`,
    inputs: {
      provider,
      ...(isDomain ? { domain: object ?? "", autoRenew: autoRenew === true } : {}),
    },
    outputs: isDomain
      ? {
          domain: object ?? "",
          zoneId: seen?.zoneId ?? "",
          expiresAt: seen?.expiresAt ?? "",
          pricePaid: seen?.price === undefined ? (price ?? "") : formatMoney(seen.price),
        }
      : {},
    notes: vouchFor(intent),
    expiresAt: seen === undefined ? undefined : Date.parse(seen.expiresAt),
  };
}

function renewed({ fingerprint }: Intent, lease: Lease): Change {
  const automatic = fingerprint === "true";
  const inputs: Json = { ...(lease.inputs as Record<string, Json>), autoRenew: automatic };
  return { lease: { ...lease, inputs }, renewal: { intent: lease.intent, automatic } };
}

function removed(lease: Lease): Change {
  if (lease.state === "revoking") return { lease: { ...lease, state: "revoked" } };
  const isToken = lease.kind === "payment-token" || lease.kind === "access-token";
  return {
    lease: { ...lease, state: "closed" },
    uncount: isToken ? [{ count: "tokens", intent: lease.intent, reason: "settled" }] : [],
  };
}
