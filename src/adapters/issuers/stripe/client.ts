import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Money } from "../../../util/money.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import { STRIPE_UNITS } from "../../../util/stripe-units.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  WebhookAnswer,
} from "../contract.ts";
import { nameToken } from "../name-token.ts";
import { readAmount } from "../read-amount.ts";
import {
  createStripeExchange,
  readStripeWebhook,
  type StripeAccess,
  type StripeOptions,
  UNSIGNED,
} from "../stripe-exchange.ts";
import stripe from "./index.ts";

export interface StripeConnection extends StripeAccess {
  /** The payment method that tokens stand for, `pm_...`. */
  readonly paymentMethod: string;
  /** Default `2026-04-22.preview`. */
  readonly apiVersion?: string | undefined;
}

const PATH = "/v1/shared_payment/issued_tokens";
/** In seconds since the epoch: RFC 3339 has four digits for a year, and no token of ours ends later. */
const END_MOST = Date.UTC(9999, 11, 31) / 1000;
const TOKEN_ID = /^spt_[A-Za-z0-9_]{4,200}$/;

export function openIssuer(connection: unknown, { fetch }: IssuerServices): Issuer | undefined {
  const secretKey = textAt(connection, ["secretKey"]);
  const paymentMethod = textAt(connection, ["paymentMethod"]);
  if (secretKey === undefined || paymentMethod === undefined) return undefined;
  const [apiUrl, apiVersion, webhookSecret] = ["apiUrl", "apiVersion", "webhookSecret"].map(
    (name) => textAt(connection, [name]),
  );
  return createStripeIssuer(
    { secretKey, paymentMethod, apiUrl, apiVersion, webhookSecret },
    { fetch },
  );
}

/** Issues Stripe shared payment tokens (see README.md beside this file for the facts it rests on). */
export function createStripeIssuer(connection: StripeConnection, options: StripeOptions): Issuer {
  const apiVersion = connection.apiVersion ?? "2026-04-22.preview";
  const exchange = createStripeExchange(connection, { apiVersion, ...options });

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    if (!TOKEN_ID.test(token.reveal())) return { kind: "absent" };
    const answer = await exchange("GET", `${PATH}/${token.reveal()}`);
    if (answer.kind === "object") return readState(answer.body);
    if (answer.kind === "absent") return answer;
    return { kind: "unknown", code: answer.code };
  };

  const revoke = async (token: Secret): Promise<PaymentTokenState> => {
    if (TOKEN_ID.test(token.reveal()))
      await exchange(
        "POST",
        `${PATH}/${token.reveal()}/revoke`,
        {},
        `revoke-${sha256(token.reveal())}`,
      );
    return read(token);
  };

  return {
    id: stripe.id,
    capabilities: stripe.capabilities,

    async isHealthy() {
      const answer = await exchange("GET", `${PATH}/spt_none0000`);
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue({ key, payee, cap, expiresAt }): Promise<IssueAnswer> {
      const limit = STRIPE_UNITS.toUnits(cap);
      if (limit.kind === "refused") return limit;
      const expiry = Math.floor(Date.parse(expiresAt) / 1000);
      const parameters = {
        payment_method: connection.paymentMethod,
        seller_details: { network_business_profile: payee },
        usage_limits: {
          currency: cap.currency.toLowerCase(),
          max_amount: limit.units.toString(),
          expires_at: expiry,
        },
      };
      const answer = await exchange("POST", PATH, parameters, key);
      if (answer.kind === "absent") return { kind: "refused", code: "resource_missing" };
      if (answer.kind !== "object") return answer;
      const id = textAt(answer.body, ["id"], TOKEN_ID);
      if (id === undefined) return { kind: "unknown", code: "malformed" };
      const token = new Secret(id);
      const fault = findFault(answer.body, cap, limit.units, expiry);
      if (fault === undefined)
        return {
          kind: "issued",
          token,
          reference: nameToken(stripe.id, id),
          expiresAt: new Date(expiry * 1000).toISOString(),
        };
      const state = await revoke(token);
      const dead = state.kind === "deactivated" || state.kind === "absent";
      return { kind: dead ? "refused" : "unknown", code: fault };
    },

    read,
    revoke,

    async readWebhook(message): Promise<WebhookAnswer> {
      const event = await readStripeWebhook(connection, message);
      if (event === undefined) return UNSIGNED;
      const id = textAt(event.object, ["id"], TOKEN_ID);
      const reference = id && nameToken(stripe.id, id);
      return { kind: "event", about: EVENTS[event.type] ?? "other", reference };
    },
  };
}

/** Events of an issued token (https://docs.stripe.com/agentic-commerce/concepts/shared-payment-tokens). */
const EVENTS: Readonly<Record<string, "used" | "ended">> = {
  "shared_payment.issued_token.used": "used",
  "shared_payment.issued_token.deactivated": "ended",
};
/** `units` are the cap's, as Stripe counts it. */
function findFault(
  body: unknown,
  { currency }: Money,
  units: bigint,
  expiry: number,
): string | undefined {
  if (memberAt(body, "status") !== "active")
    return memberAt(body, "status") === "requires_action" ? "requires_action" : "not_active";
  const limits = memberAt(body, "usage_limits");
  const exact =
    memberAt(limits, "currency") === currency.toLowerCase() &&
    readAmount(memberAt(limits, "max_amount")) === units &&
    memberAt(limits, "expires_at") === expiry;
  return exact ? undefined : "wrong_limits";
}

function readState(body: unknown): PaymentTokenState {
  const status = memberAt(body, "status");
  const limits = memberAt(body, "usage_limits");
  const currency = textAt(limits, ["currency"], /^[a-z]{3}$/)?.toUpperCase();
  const details = memberAt(body, "usage_details", "amount_captured");
  const units =
    details === undefined || details === null ? 0n : readAmount(memberAt(details, "value"));
  const expiry = memberAt(limits, "expires_at");
  if (currency === undefined || units === undefined) return { kind: "unknown", code: "malformed" };
  const captured = STRIPE_UNITS.fromUnits(currency, units);
  if (captured === undefined) return { kind: "unknown", code: "malformed" };
  if (status === "active" && typeof expiry === "number" && expiry > 0 && expiry <= END_MOST)
    return { kind: "active", captured, expiresAt: new Date(expiry * 1000).toISOString() };
  if (status === "deactivated" || status === "revoked") {
    const reason = textAt(body, ["deactivated_reason"], /^[a-z_]{1,32}$/) ?? "revoked";
    return { kind: "deactivated", reason, captured };
  }
  return { kind: "unknown", code: status === "requires_action" ? "requires_action" : "malformed" };
}
