import { formatMoney } from "../../util/money.ts";
import { eventOf, settle } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import { explainDenial } from "../explain-denial.ts";
import { type Intent, type IntentRequest, QUEUED_UNTIL, type Spend } from "../ledger/ledger.ts";
import type { Identity } from "../protocol.ts";

/** A purchase whose price is known, or bounded. */
export type Purchase = IntentRequest & { readonly spend: Spend };

/**
 * Records a purchase that reaches nobody now: durable, its money held under every cap, never sent from here. The same request made again, while the quote is
 * good, buys at the price of that time and takes over what is held, in one append; after that, or by a freeze, it is given back.
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
      [QUEUED_UNTIL]: context.clock.now() + context.timing.quoteLife,
    },
    queued: true,
  });
  return recorded.kind === "denied"
    ? explainDenial(recorded.denial)
    : explainQueued(recorded.intent);
}

/** What is said as long as a purchase is queued. */
export function explainQueued({ parameters }: Intent): BrokerFailure {
  return fail("purchase_queued", {
    amount: String(parameters.price),
    until: formatTime(Number(parameters[QUEUED_UNTIL])),
  });
}

/** What stands in the way of a queued purchase now and may be gone before its quote expires. */
const MAY_PASS: ReadonlySet<BrokerFailure["code"]> = new Set([
  "action_required",
  "payment_token_missing",
  "price_unconfirmed",
  "provider_unreachable",
  "still_pending",
]);

/** Ends a queued act that is refused for good, and lets every other one keep its place. */
export async function judgeQueued(
  context: BrokerContext,
  queued: Intent | undefined,
  { code }: BrokerFailure,
): Promise<void> {
  if (isQueued(queued) && !MAY_PASS.has(code)) await giveBack(context, queued, code);
}

/** Ends a queued act because somebody does not want it any more; false when none is queued under that key. */
export async function dropQueued(context: BrokerContext, key: string): Promise<boolean> {
  const queued = (await context.ledger.openIntents()).find((one) => one.key === key);
  if (!isQueued(queued)) return false;
  await giveBack(context, queued, "dropped");
  return true;
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

/** The stack's own live account, known from the ledger alone. */
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
