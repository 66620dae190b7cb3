import type { VendorClient } from "../../adapters/vendors/contract.ts";
import { formatMoney, type Money, parseMoney } from "../../util/money.ts";
import { eventOf, explainWaiting } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest, Spend } from "../ledger/ledger.ts";
import { monthOf, monthsBetween } from "../ledger/windows.ts";
import type { LeaseInputs } from "../protocol.ts";
import type { AccountAccess } from "./account-access.ts";
import { identifyIntent, type Opening } from "./handler.ts";
import { findPaymentToken } from "./payment-source.ts";
import {
  explainQueued,
  findAccount,
  isQueued,
  judgeQueued,
  type Purchase,
  queuePurchase,
} from "./queue-purchase.ts";

/** The act to perform: the unfinished one, or a new one. What was queued makes room for it, and ends when it is refused for good. */
export async function prepareDomain(
  context: BrokerContext,
  opening: Opening<"domain">,
  access: AccountAccess,
  vendor: VendorClient,
): Promise<Intent | IntentRequest | BrokerFailure> {
  const { intent } = opening;
  if (intent !== undefined && !isQueued(intent)) return intent;
  const now = await decide(context, opening, access, vendor);
  if (!("ok" in now)) return { ...now, replaces: intent?.key };
  if (now.code === "provider_unreachable") return queueDomain(context, opening);
  await judgeQueued(context, intent, now);
  return now;
}

/** Queues a domain whose price nobody can be asked for now: what it may cost at most by the manifest is held for it and for its renewal. */
export async function queueDomain(
  context: BrokerContext,
  opening: Opening<"domain">,
): Promise<BrokerFailure> {
  const { identity, inputs, intent } = opening;
  if (isQueued(intent)) return explainQueued(intent);
  const account = await findAccount(context, identity, inputs.provider, inputs.account);
  const maximum = parseMoney(inputs.maxPrice);
  if (intent !== undefined || account === undefined || maximum === undefined)
    return fail("provider_unreachable");
  const token = await findPaymentToken(context, { account }, inputs.paymentToken);
  if (token === undefined) return fail("payment_token_missing");
  const request = describeRequest(context, opening, account.id);
  return queuePurchase(context, priceRequest(request, inputs, maximum, maximum, token));
}

/** Decides before anything is recorded: is it ours already, what does it cost, is that within the manifest's maximum, is there a means to pay. */
async function decide(
  context: BrokerContext,
  opening: Opening<"domain">,
  access: AccountAccess,
  vendor: VendorClient,
): Promise<IntentRequest | BrokerFailure> {
  const { inputs } = opening;
  const maximum = parseMoney(inputs.maxPrice);
  if (maximum === undefined) return fail("bad_request");
  const request = describeRequest(context, opening, access.account.id);
  const input = domainInput(access, inputs);
  const seen = await vendor.readDomain(input);
  if (seen.kind === "unknown") return fail("provider_unreachable");
  if (seen.kind === "pending" || seen.kind === "action-required") return explainWaiting(seen);
  // The account holds it already: it is taken into the ledger, and the call that buys is never made.
  if (seen.kind === "registered") {
    const quote = await vendor.quoteDomain(input);
    if (quote.kind === "unknown") return fail("provider_unreachable");
    // Most registrars quote only what can be bought.
    const renewal = quote.kind === "quoted" ? quote.renewal : maximum;
    const expires = monthOf(Date.parse(seen.expiresAt));
    const ahead = monthsBetween(monthOf(context.clock.now()), expires);
    return describeTakeover(request, inputs, renewal, ahead);
  }

  const token = await findPaymentToken(context, access, inputs.paymentToken);
  if (token === undefined) return fail("payment_token_missing");
  const quote = await vendor.quoteDomain(input);
  if (quote.kind === "unavailable") return fail("domain_unavailable");
  if (quote.kind === "unknown") return fail("provider_unreachable");
  return (
    refusePrice(quote.price, maximum) ??
    priceRequest(request, inputs, quote.price, quote.renewal, token)
  );
}

function describeRequest(
  context: BrokerContext,
  { identity, inputs, generation }: Opening<"domain">,
  accountLease: string,
): IntentRequest {
  const ids = identifyIntent("domain", "create", identity, generation, inputs);
  const about = { ...ids, provider: inputs.provider, via: inputs.provider };
  const { domain: object, autoRenew } = inputs;
  const parameters = { accountLease, isOurs: false, price: "", renewal: "", object, autoRenew };
  return {
    ...about,
    parameters,
    run: context.run(),
    count: "domains",
    stoppable: true,
    event: eventOf(context, { ...about, parameters }, "domain-requested"),
  };
}

function priceRequest(
  request: IntentRequest,
  { years, autoRenew }: LeaseInputs["domain"],
  price: Money,
  renewal: Money,
  token: Spend["token"],
): Purchase {
  const text = formatMoney(price);
  return {
    ...request,
    parameters: { ...request.parameters, price: text, renewal: formatMoney(renewal) },
    spend: {
      amount: price,
      categories: ["domains"],
      token,
      // A domain is also its renewal, even one that does not renew by itself.
      again: { amount: renewal, interval: "year", firstAfter: 12 * years, automatic: autoRenew },
    },
    event: { ...request.event, amount: text },
  };
}

/** Costs nothing now; its renewal counts like that of a domain bought here. `ahead`: months until it expires. */
function describeTakeover(
  request: IntentRequest,
  { autoRenew }: LeaseInputs["domain"],
  renewal: Money,
  ahead: number,
): Purchase {
  const firstAfter = Math.max(1, ahead);
  return {
    ...request,
    parameters: { ...request.parameters, isOurs: true, renewal: formatMoney(renewal) },
    spend: {
      amount: { ...renewal, minor: 0n },
      categories: ["domains"],
      again: { amount: renewal, interval: "year", firstAfter, automatic: autoRenew },
    },
  };
}

function refusePrice(price: Money, maximum: Money): BrokerFailure | undefined {
  if (price.currency !== maximum.currency)
    return fail("currency_mismatch", { amount: formatMoney(price), cap: "maxPrice" });
  if (price.minor <= maximum.minor) return undefined;
  return fail("price_above_maximum", {
    price: formatMoney(price),
    maximum: formatMoney(maximum),
  });
}

/** What the vendor is asked with. */
export function domainInput(
  access: AccountAccess,
  { domain, years, autoRenew }: LeaseInputs["domain"],
) {
  const { credential, accountId } = access;
  return { credential, accountId, domain, years, autoRenew };
}
