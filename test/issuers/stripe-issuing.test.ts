import { describe, expect, it, onTestFinished } from "vitest";
import { createStripeIssuingIssuer } from "../../src/adapters/issuers/stripe-issuing/client.ts";
import stripeIssuing from "../../src/adapters/issuers/stripe-issuing/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { testIssuer } from "./issuer-suite.ts";
import { openSandboxSubject } from "./sandbox-subject.ts";
import { signStripeWebhook } from "./sign-stripe-webhook.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const WEBHOOK_SECRET = "whsec_test";

async function open() {
  const { harness, part, chargeCard, subject } = await openSandboxSubject("stripe-issuing");
  const connect = (secretKey: string) =>
    createStripeIssuingIssuer(
      { ...part, secretKey, webhookSecret: WEBHOOK_SECRET },
      { fetch: realFetch, maxNetworkRetries: 0 },
    );
  return {
    ...subject,
    otherPayee: "airlines_air_carriers",
    issuer: connect(part.secretKey),
    stranger: connect("sk_test_nobody"),
    lose: (how: "answer" | "request") =>
      harness.fault(how === "answer" ? "drop-after" : "refuse", "POST", "/v1/issuing/cards$"),
    charge: chargeCard,
    signWebhook: async (token: { reveal(): string }) =>
      signStripeWebhook(WEBHOOK_SECRET, "issuing_card.updated", {
        id: token.reveal(),
        status: "canceled",
      }),
  };
}

testIssuer(stripeIssuing, open);

describe("a card of Stripe Issuing", () => {
  it("pays merchants of its category only, and ends with its month", async () => {
    const { issuer, chargeCard: _, ...subject } = { chargeCard: 0, ...(await open()) };
    onTestFinished(subject.close);
    const order = {
      key: "k-1",
      payee: "airlines_air_carriers",
      cap: { currency: "USD", minor: 500n },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const answer = await issuer.issue(order);
    if (answer.kind !== "issued") throw new Error(answer.kind);
    const card = await issuer.reveal?.(answer.token, order);
    if (card?.kind !== "revealed") throw new Error(card?.kind);
    expect(card.type).toBe("card");
    expect(await subject.charge(card.credential, 100n)).toBe(false);
  });

  it.each(["JPY", "KWD"])("is not issued in %s", async (currency) => {
    const { issuer, payee, close } = await open();
    onTestFinished(close);
    const answer = await issuer.issue({
      ...{ key: "k-1", payee, cap: { currency, minor: 500n } },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(answer).toEqual({ kind: "refused", code: "currency_unsupported" });
  });
});
