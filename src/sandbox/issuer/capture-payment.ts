import { formatMoney, type Money } from "../../util/money.ts";
import type { SandboxContext } from "../context.ts";
import {
  deactivateToken,
  loadPaymentToken,
  type PaymentToken,
  sumCaptures,
} from "./payment-token.ts";
import { startInterval } from "./start-interval.ts";

/** Money that moved. Collection `charges`, by `chargeId`; part of the books. */
export interface ChargeRecord {
  readonly chargeId: string;
  readonly paymentIntent: string;
  readonly paymentToken: string;
  /** Who was paid. */
  readonly provider: string;
  /** The account at the provider, when the provider charged for one. */
  readonly accountId: string | null;
  /** `10.44 USD` */
  readonly amount: string;
  readonly description: string;
  readonly key: string | null;
  /** RFC 3339. */
  readonly at: string;
}

export type CaptureOutcome =
  | { readonly ok: true; readonly charge: ChargeRecord }
  | {
      readonly ok: false;
      readonly code:
        | "token_missing"
        | "token_inactive"
        | "limit_exceeded"
        | "currency_mismatch"
        | "declined";
    };

/** Cards of Stripe's test set whose payments are declined (https://docs.stripe.com/testing). */
const DECLINED_METHODS = ["pm_card_chargeDeclined", "pm_card_visa_chargeDeclined"];

/**
 * Captures an amount on a shared payment token for the seller it was issued to, all or nothing.
 *
 * Never captures more than the token's limit, in its currency, within its interval; a token of another seller is `token_missing`. A token without an interval
 * whose limit is reached is `consumed` (https://docs.stripe.com/api/shared-payment/issued-token/object).
 */
export function capturePayment(
  context: Pick<SandboxContext, "store" | "now" | "random">,
  input: {
    readonly token: string;
    readonly sellerProfile: string;
    readonly provider: string;
    readonly accountId: string | null;
    readonly amount: Money;
    readonly description: string;
    readonly key: string | null;
    readonly paymentIntent: string;
  },
): CaptureOutcome {
  return context.store.transaction((): CaptureOutcome => {
    const token = loadPaymentToken(context, input.token);
    if (token === undefined || token.sellerProfile !== input.sellerProfile)
      return { ok: false, code: "token_missing" };
    const refusal = refuseCapture(token, input.amount, context.now());
    if (refusal !== undefined) return { ok: false, code: refusal };
    const at = context.now();
    const chargeId = `ch_${context.random(12)}`;
    const captures = [...token.captures, { chargeId, amount: `${input.amount.minor}`, at }];
    const next: PaymentToken = { ...token, captures };
    const isConsumed = token.interval === null && sumCaptures(next) >= BigInt(token.maxAmount);
    context.store
      .collection<PaymentToken>("payment-tokens")
      .put(token.id, isConsumed ? deactivateToken(next, "consumed", at) : next);
    const charge: ChargeRecord = {
      chargeId,
      paymentIntent: input.paymentIntent,
      paymentToken: token.id,
      provider: input.provider,
      accountId: input.accountId,
      amount: formatMoney(input.amount),
      description: input.description,
      key: input.key,
      at: new Date(at).toISOString(),
    };
    context.store.collection<ChargeRecord>("charges").put(chargeId, charge);
    return { ok: true, charge };
  });
}

function refuseCapture(
  token: PaymentToken,
  amount: Money,
  now: number,
): "token_inactive" | "limit_exceeded" | "currency_mismatch" | "declined" | undefined {
  if (token.status !== "active") return "token_inactive";
  if (amount.currency !== token.currency) return "currency_mismatch";
  const since = token.interval === null ? 0 : startInterval(token.interval, now);
  if (sumCaptures(token, since) + amount.minor > BigInt(token.maxAmount)) return "limit_exceeded";
  return DECLINED_METHODS.includes(token.paymentMethod) ? "declined" : undefined;
}
