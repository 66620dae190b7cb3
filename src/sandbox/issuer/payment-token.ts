import type { SandboxContext } from "../context.ts";

/** What the issuer needs of the sandbox. */
export type IssuerContext = Pick<
  SandboxContext,
  "store" | "now" | "random" | "mintSecret" | "keepSecret" | "seal" | "unseal" | "controlUrl"
>;

export const RECURRING_INTERVALS = ["week", "month", "year"] as const;
export type RecurringInterval = (typeof RECURRING_INTERVALS)[number];

/** A shared payment token. Collection `payment-tokens`, by id. Amounts are minor units as text. */
export interface PaymentToken {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly paymentMethod: string;
  /** The seller that may charge it. */
  readonly sellerProfile: string;
  readonly externalId: string | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly maxAmount: string;
  /** When the captured amount counts from zero again; null for never. */
  readonly interval: RecurringInterval | null;
  /** Seconds since the epoch. */
  readonly expiresAt: number | null;
  readonly setupFutureUsage: string | null;
  readonly sharedMetadata: Readonly<Record<string, string>>;
  readonly returnUrl: string | null;
  readonly useStripeSdk: boolean;
  readonly status: "active" | "requires_action" | "deactivated";
  readonly deactivatedAt: number | null;
  readonly deactivatedReason: "consumed" | "expired" | "resolved" | "revoked" | null;
  readonly captures: readonly {
    readonly chargeId: string;
    readonly amount: string;
    readonly at: number;
  }[];
}

/** Reads a token and lets it expire by the sandbox's clock; an expired one stays so when the clock goes back. */
export function loadPaymentToken(
  context: Pick<SandboxContext, "store" | "now">,
  id: string,
): PaymentToken | undefined {
  const tokens = context.store.collection<PaymentToken>("payment-tokens");
  const token = tokens.get(id);
  if (token === undefined || token.status === "deactivated") return token;
  if (token.expiresAt === null || token.expiresAt * 1000 > context.now()) return token;
  const expired = deactivateToken(token, "expired", token.expiresAt * 1000);
  tokens.put(id, expired);
  return expired;
}

/** All tokens, oldest first, expired by the sandbox's clock. */
export function listPaymentTokens(
  context: Pick<SandboxContext, "store" | "now">,
): readonly PaymentToken[] {
  return context.store
    .collection<PaymentToken>("payment-tokens")
    .list()
    .map((token) => loadPaymentToken(context, token.id) ?? token);
}

/** The token in its final state; a token that is there already stays as it is. */
export function deactivateToken(
  token: PaymentToken,
  reason: NonNullable<PaymentToken["deactivatedReason"]>,
  at: number,
): PaymentToken {
  if (token.status === "deactivated") return token;
  return { ...token, status: "deactivated", deactivatedReason: reason, deactivatedAt: at };
}

/** Minor units captured at or after `since` (milliseconds), by default over the token's whole life. */
export function sumCaptures(token: PaymentToken, since = 0): bigint {
  return token.captures.reduce(
    (sum, capture) => (capture.at >= since ? sum + BigInt(capture.amount) : sum),
    0n,
  );
}
