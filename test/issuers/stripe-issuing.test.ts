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
  async function openCard(payee?: string) {
    const subject = await open();
    onTestFinished(subject.close);
    const order = {
      key: "k-1",
      payee: payee ?? subject.payee,
      cap: { currency: "USD", minor: 500n },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const answer = await subject.issuer.issue(order);
    if (answer.kind !== "issued") throw new Error(answer.kind);
    const card = await subject.issuer.reveal?.(answer.token, order);
    if (card?.kind !== "revealed") throw new Error(card?.kind);
    expect(card.type).toBe("card");
    const charge = (minor: bigint, currency = "USD") =>
      subject.charge(card.credential, minor, { currency });
    return { subject, order, token: answer.token, charge };
  }

  it("pays merchants of its category only", async () => {
    const { charge } = await openCard("airlines_air_carriers");
    expect(await charge(100n)).toBe(false);
  });

  it("outlives its order, and ends with the month in which that ends", async () => {
    const { subject, order, charge } = await openCard();
    const end = new Date(order.expiresAt);
    const monthEnd = Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1);
    const minute = 60_000;
    await subject.advance(monthEnd - Date.now() - minute);
    expect(await charge(100n)).toBe(true);
    await subject.advance(2 * minute);
    expect(await charge(100n)).toBe(false);
  });

  it("counts a charge in another currency against its limit in its own", async () => {
    const { subject, token, charge } = await openCard();
    expect(await charge(400n, "EUR")).toBe(true);
    expect(await subject.issuer.read(token)).toMatchObject({
      captured: { currency: "USD", minor: 440n },
    });
    expect(await charge(60n, "EUR")).toBe(false);
    expect(await charge(60n)).toBe(true);
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
