import { describe, expect, it, onTestFinished } from "vitest";
import { createBraintreeIssuer } from "../../src/adapters/issuers/braintree/client.ts";
import braintree from "../../src/adapters/issuers/braintree/index.ts";
import { openGateway } from "../../src/adapters/issuers/braintree/open-gateway.ts";
import type { ChargeHow } from "./issuer-subject.ts";
import { testIssuer } from "./issuer-suite.ts";
import { openSandboxSubject } from "./sandbox-subject.ts";

async function open() {
  const { harness, part, sellers, subject } = await openSandboxSubject("braintree");
  const connect = (privateKey: string) =>
    createBraintreeIssuer({ ...part, privateKey }, { now: Date.now });
  return {
    ...subject,
    // A copy that was deleted is not found any more.
    gone: "absent" as const,
    part,
    harness,
    issuer: connect(part.privateKey),
    stranger: connect("nobody"),
    lose: (how: "answer" | "request") =>
      harness.fault(how === "answer" ? "drop-after" : "refuse", "POST", "/payment_methods$"),
    async charge(
      credential: { reveal(): string },
      minor: bigint,
      { currency = "USD", seller = "payee" }: ChargeHow = {},
    ) {
      const gateway = await openGateway(part, part.recipients[sellers[seller]]);
      const { success } = await gateway.transaction.sale({
        amount: `${Number(minor) / 100}`,
        merchantAccountId: `shop_${currency.toLowerCase()}`,
        paymentMethodNonce: credential.reveal(),
      });
      return success;
    },
    async signWebhook(token: { reveal(): string }) {
      const gateway = await openGateway(part);
      const sample = await gateway.webhookTesting.sampleNotification(
        "granted_payment_method_revoked" as never,
        token.reveal(),
      );
      return { body: String(new URLSearchParams({ ...sample })), headers: {} };
    },
  };
}

testIssuer(braintree, open, {
  "shows what was captured, and that the cap holds":
    "Braintree tells the granting vault no amounts, and a grant has no cap",
});

describe("a grant of Braintree", () => {
  it("is good for one payment, by its payee; another needs another grant", async () => {
    const { issuer, payee, charge, close } = await open();
    onTestFinished(close);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const order = { key: "k", payee, cap: { currency: "USD", minor: 500n }, expiresAt };
    const answer = await issuer.issue(order);
    if (answer.kind !== "issued") throw new Error(answer.kind);
    for (let payment = 0; payment < 2; payment++) {
      const given = await issuer.reveal?.(answer.token, order);
      if (given?.kind !== "revealed") throw new Error(given?.kind);
      expect(given.type).toBe("braintree_nonce");
      expect(await charge(given.credential, 100n)).toBe(true);
      expect(await charge(given.credential, 100n)).toBe(false);
    }
    expect(await issuer.issue({ ...order, payee: "nobody we know" })).toEqual({
      kind: "refused",
      code: "payee_unsupported",
    });
  });
});
