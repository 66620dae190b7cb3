import Stripe from "stripe";
import type { TestSandbox } from "./test-sandbox.ts";

export const PREVIEW = "2026-04-22.preview";

/** The official SDK, pointed at a sandbox; it repeats nothing by itself. */
export function createStripe(sandbox: TestSandbox, secretKey: string): Stripe {
  return new Stripe(secretKey, {
    host: "127.0.0.1",
    port: new URL(sandbox.controlUrl).port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The orchestrator's account, which issues tokens. */
export async function connectIssuer(sandbox: TestSandbox): Promise<Stripe> {
  return createStripe(sandbox, (await sandbox.connection()).issuers.stripe.secretKey);
}

/** A provider's account, which charges them. */
export async function connectSeller(
  sandbox: TestSandbox,
  provider: string,
): Promise<{ readonly stripe: Stripe; readonly profile: string; readonly secretKey: string }> {
  const sellers = (await (await sandbox.admin("GET", "sellers")).json()) as Record<
    string,
    { profile: string; secretKey: string }
  >;
  const seller = sellers[provider];
  if (seller === undefined) throw new Error(`no seller ${provider}`);
  return { ...seller, stripe: createStripe(sandbox, seller.secretKey) };
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came
export type StripeObject = any;

/** Issues a token for a seller. */
export function issueToken(
  stripe: Stripe,
  profile: string,
  limits: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
  idempotencyKey?: string,
): Promise<StripeObject> {
  return stripe.rawRequest(
    "POST",
    "/v1/shared_payment/issued_tokens",
    {
      payment_method: "pm_card_visa",
      seller_details: { network_business_profile: profile },
      usage_limits: { currency: "usd", max_amount: 6000, ...limits },
      ...more,
    },
    { apiVersion: PREVIEW, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
  );
}

/** Charges a token as its seller. */
export function pay(
  stripe: Stripe,
  token: string,
  amount: number,
  more: Readonly<Record<string, unknown>> = {},
  idempotencyKey?: string,
): Promise<StripeObject> {
  const params = {
    amount,
    currency: "usd",
    confirm: true,
    payment_method_data: { shared_payment_granted_token: token },
    ...more,
  } as unknown as Stripe.PaymentIntentCreateParams;
  return stripe.paymentIntents.create(params, {
    apiVersion: PREVIEW,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
}

/** What the SDK throws for a refused call. */
export async function catchError(work: Promise<unknown>): Promise<StripeObject> {
  return work.then(
    (value) => {
      throw new Error(`not refused: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

export function readToken(stripe: Stripe, id: string): Promise<StripeObject> {
  return stripe.rawRequest("GET", `/v1/shared_payment/issued_tokens/${id}`, undefined, {
    apiVersion: PREVIEW,
  });
}

export function revokeToken(
  stripe: Stripe,
  id: string,
  idempotencyKey?: string,
): Promise<StripeObject> {
  return stripe.rawRequest(
    "POST",
    `/v1/shared_payment/issued_tokens/${id}/revoke`,
    {},
    {
      apiVersion: PREVIEW,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    },
  );
}
