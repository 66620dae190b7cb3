import Stripe from "stripe";
import type { WebhookMessage } from "../../src/adapters/issuers/contract.ts";

/** A webhook as Stripe sends it, signed now. */
export function signStripeWebhook(secret: string, type: string, object: object): WebhookMessage {
  const body = JSON.stringify({ id: "evt_1", object: "event", type, data: { object } });
  const signature = new Stripe("sk_test_1").webhooks.generateTestHeaderString({
    payload: body,
    secret,
  });
  return { body, headers: { "stripe-signature": signature } };
}
