import { type CredentialRecord, type RefuseCharge, sumCredential } from "./credential.ts";
import { deriveMerchant } from "./merchant.ts";
import { startInterval } from "./start-interval.ts";

/** A card of Stripe Issuing. Status `active`, `inactive` or `canceled`. */
export interface StripeCard {
  /** Sealed JSON of the card's data. */
  readonly sealedCard: string;
  readonly cardHash: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly cardholder: string;
  readonly allowedCategories: readonly string[] | null;
  readonly spendingLimits: readonly { readonly amount: string; readonly interval: string }[];
  readonly metadata: Readonly<Record<string, string>>;
}
export type StripeCardRecord = CredentialRecord<StripeCard>;

/** What a card's status and spending controls say to an authorisation (https://docs.stripe.com/issuing/controls/spending-controls). */
export const refuseStripeCharge: RefuseCharge<StripeCard> = (card, { provider, debit, now }) => {
  const { allowedCategories, spendingLimits, expMonth, expYear } = card.detail;
  // A card is good to the end of its month.
  if (card.status !== "active" || now >= Date.UTC(expYear, expMonth)) return "token_inactive";
  const { category } = deriveMerchant(provider);
  if (allowedCategories !== null && !allowedCategories.includes(category)) return "token_missing";
  const isOver = spendingLimits.some(
    ({ amount: limit, interval }) =>
      sumCredential(card, startCounting(interval, now)) + debit.minor > BigInt(limit),
  );
  return isOver ? "limit_exceeded" : undefined;
};

function startCounting(interval: string, now: number): number {
  switch (interval) {
    case "all_time":
      return 0;
    case "yearly":
      return startInterval("year", now);
    case "monthly":
      return startInterval("month", now);
    case "weekly":
      return startInterval("week", now);
    case "daily":
      return now - (now % 86_400_000);
    default:
      return Number.POSITIVE_INFINITY;
  }
}
