import type { Price } from "../../catalog/catalog.ts";
import { monthlyMost, recurringPart } from "../../catalog/recurrence.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import { eventOf } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest, Lease } from "../ledger/ledger.ts";
import { refuseVerb } from "../policy.ts";
import type { AccountAccess } from "./account-access.ts";
import { confirmPrice } from "./confirm-price.ts";
import { identifyIntent, type Opening } from "./handler.ts";
import { findPaymentToken } from "./payment-source.ts";
import {
  explainQueued,
  findAccount,
  isQueued,
  judgeQueued,
  queuePurchase,
} from "./queue-purchase.ts";

type Service = Opening<"service-instance">;

/**
 * The act to perform: the unfinished one, or a new one. What costs money is sent only through an orchestrator's endpoint that answers, and is queued
 * otherwise; what was queued makes room for it, and ends when it is refused for good. Nothing is begun that the provider itself asks more for than was approved;
 * what was sent already and has no answer is asked for again under its key, whatever the list says by then.
 */
export async function prepareService(
  context: BrokerContext,
  opening: Service,
  { account, orchestrator }: AccountAccess,
): Promise<Intent | IntentRequest | BrokerFailure> {
  const { intent } = opening;
  if (intent !== undefined && !isQueued(intent)) return intent;
  const now = await decide(context, opening, account, orchestrator.id);
  if ("ok" in now) {
    await judgeQueued(context, intent, now);
    return now;
  }
  if (now.spend !== undefined && !(await orchestrator.isHealthy()))
    return queue(context, intent, now);
  const dearer = await confirmPrice(context, orchestrator, opening.inputs);
  if (dearer !== undefined) {
    await judgeQueued(context, intent, dearer);
    return dearer;
  }
  return { ...now, replaces: intent?.key };
}

/** Queues a paid service while nobody can be reached through whom it is bought. */
export async function queueService(
  context: BrokerContext,
  opening: Service,
): Promise<BrokerFailure> {
  const { identity, inputs, intent } = opening;
  if (intent !== undefined)
    return isQueued(intent) ? explainQueued(intent) : fail("provider_unreachable");
  const account = await findAccount(context, identity, inputs.provider, inputs.account);
  if (account === undefined) return fail("provider_unreachable");
  const now = await decide(context, opening, account, String(account.notes.orchestrator));
  return "ok" in now ? now : queue(context, undefined, now);
}

async function queue(
  context: BrokerContext,
  queued: Intent | undefined,
  request: IntentRequest,
): Promise<BrokerFailure> {
  if (queued !== undefined) return explainQueued(queued);
  const { spend } = request;
  // There is nothing to hold for what is free.
  return spend === undefined
    ? fail("provider_unreachable")
    : queuePurchase(context, { ...request, spend });
}

async function decide(
  context: BrokerContext,
  { identity, inputs, generation }: Service,
  account: Lease,
  via: string,
): Promise<IntentRequest | BrokerFailure> {
  const quote = context.quoteService(inputs.service, inputs.config);
  const cost = quote === undefined ? undefined : firstCharge(context, quote.price);
  if (quote === undefined || cost === undefined) return fail("price_unknown");
  const isFree = quote.price.kind === "free";
  const verb = isFree ? "create-free" : "create-paid";
  const refusal = refuseVerb(context, "service-instance", verb, {
    resource: identity.resource,
    provider: inputs.provider,
    amount: cost,
  });
  if (refusal !== undefined) return refusal;
  const token = isFree
    ? undefined
    : await findPaymentToken(context, { account }, inputs.paymentToken);
  if (!isFree && token === undefined) return fail("payment_token_missing");
  const ids = identifyIntent("service-instance", "create", identity, generation, inputs);
  const about = { ...ids, provider: inputs.provider, via };
  const parameters = { accountLease: account.id, pays: !isFree, object: inputs.service };
  return {
    ...about,
    parameters,
    run: context.run(),
    spend: isFree
      ? undefined
      : { amount: cost, categories: quote.categories, token, again: recurringPart(quote.price) },
    stoppable: true,
    event: {
      ...eventOf(context, { ...about, parameters }, "service-requested"),
      amount: formatMoney(cost),
    },
  };
}

/**
 * The most that it costs in the month of its creation. Usage is bounded by the payment token's cap alone, so nothing is held for it but a
 * minimum.
 */
function firstCharge(context: BrokerContext, price: Price): Money | undefined {
  if (price.kind === "unknown") return undefined;
  if (price.kind === "one-time") return price.amount;
  const again = recurringPart(price);
  return again === undefined
    ? { currency: context.limits.total.currency, minor: 0n }
    : monthlyMost(again);
}
