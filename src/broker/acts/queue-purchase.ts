import { formatMoney, type Money, parseMoney } from "../../util/money.ts";
import { eventOf, explain, settle } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import { type Intent, type IntentRequest, QUEUED_UNTIL, type Spend } from "../ledger/ledger.ts";
import type { Identity } from "../protocol.ts";

/** A purchase whose price is known, or bounded. */
export type Purchase = IntentRequest & { readonly spend: Spend };

/**
 * Records a purchase that reaches nobody now: durable, its money held under every cap, never sent from here. The same request made again sends it,
 * once, while its quote is good; after that, or by a freeze, it is given back.
 */
export async function queuePurchase(
  context: BrokerContext,
  purchase: Purchase,
): Promise<BrokerFailure> {
  const { spend } = purchase;
  const recorded = await context.ledger.record({
    ...purchase,
    parameters: {
      ...purchase.parameters,
      price: formatMoney(spend.amount),
      renewal: spend.again === undefined ? "" : formatMoney(spend.again.amount),
      [QUEUED_UNTIL]: context.clock.now() + context.timing.quoteLife,
    },
    queued: true,
  });
  return recorded.kind === "denied" ? explain(recorded.denial) : explainQueued(recorded.intent);
}

/** What is said as long as a purchase is queued. */
export function explainQueued({ parameters }: Intent): BrokerFailure {
  return fail("purchase_queued", {
    amount: String(parameters.price),
    until: formatTime(Number(parameters[QUEUED_UNTIL])),
  });
}

/**
 * What to send, now that the provider answers: the queued act itself, if what is asked and what it costs now are still within what is held for it. Otherwise that
 * is given back, and the new request is another act.
 */
export async function drainQueued(
  context: BrokerContext,
  queued: Intent,
  now: IntentRequest,
): Promise<Intent | IntentRequest> {
  const { price, renewal } = queued.parameters;
  const fits =
    now.spend !== undefined &&
    isWithin(now.spend.amount, price) &&
    (now.spend.again === undefined || isWithin(now.spend.again.amount, renewal));
  if (fits) return queued;
  await giveBack(context, queued, "price_changed");
  return now;
}

/** Ends a queued act whose request is another one now. */
export function giveBack(context: BrokerContext, queued: Intent, code: string): Promise<void> {
  const event = { ...eventOf(context, queued, "act-abandoned"), code };
  return settle(context, queued, { state: "abandoned", events: [event] });
}

/** Whether this intent waits to be sent. */
export function isQueued(intent: Intent | undefined): intent is Intent {
  return intent?.waiting === "queued";
}

/** Where another stack or person owns the account, there is nothing to wait for. */
export async function findAccount(
  context: BrokerContext,
  { project, stack }: Identity,
  provider: string,
  account: string,
) {
  return (await context.ledger.openLeases()).find(
    (one) =>
      one.kind === "account" &&
      one.state === "live" &&
      one.provider === provider &&
      one.identity.project === project &&
      one.identity.stack === stack &&
      (one.id === account || one.natural === account),
  );
}

function isWithin(amount: Money, most: unknown): boolean {
  const bound = parseMoney(String(most));
  return bound !== undefined && bound.currency === amount.currency && amount.minor <= bound.minor;
}
