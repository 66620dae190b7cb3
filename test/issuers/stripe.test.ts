import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import stripe from "../../src/adapters/issuers/stripe/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { testIssuer } from "./issuer-suite.ts";
import { openSandboxSubject } from "./sandbox-subject.ts";
import { signStripeWebhook } from "./sign-stripe-webhook.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);

const WEBHOOK_SECRET = "whsec_test";

testIssuer(stripe, async () => {
  const { harness, part, charge, subject } = await openSandboxSubject("stripe");
  const open = (secretKey: string) =>
    createStripeIssuer(
      { ...part, secretKey, webhookSecret: WEBHOOK_SECRET },
      { fetch: realFetch, maxNetworkRetries: 0 },
    );
  return {
    ...subject,
    issuer: open(part.secretKey),
    stranger: open("sk_test_nobody"),
    lose: (how) =>
      harness.fault(
        how === "answer" ? "drop-after" : "refuse",
        "POST",
        "/v1/shared_payment/issued_tokens$",
      ),
    charge: (credential, minor, how) =>
      charge(
        minor,
        { "payment_method_data[shared_payment_granted_token]": credential.reveal() },
        how,
      ),
    signWebhook: async (token) =>
      signStripeWebhook(WEBHOOK_SECRET, "shared_payment.issued_token.deactivated", {
        id: token.reveal(),
      }),
  };
});

/** A token as Stripe prints it, with changes. */
function print(change: object): object {
  return {
    id: "spt_1234567890",
    status: "active",
    usage_limits: { currency: "usd", max_amount: 6000, expires_at: 1_800_000_000 },
    ...change,
  };
}

function answerWith(answers: readonly { readonly status: number; readonly body: unknown }[]) {
  const sent: { readonly url: string; readonly init: RequestInit }[] = [];
  const fake: Fetch = async (url, init) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push({ url, init });
    const body = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body);
    return new Response(body, { status: answer?.status ?? 500 });
  };
  const issuer = createStripeIssuer(
    { secretKey: "sk_test_1", paymentMethod: "pm_1" },
    { fetch: fake, maxNetworkRetries: 0 },
  );
  return { issuer, sent };
}

const order = {
  key: "key-1",
  payee: "profile_1",
  cap: { currency: "USD", minor: 6000n },
  expiresAt: new Date(1_800_000_000_000).toISOString(),
};

describe("what it sends", () => {
  it("names amount, payee and expiry under the key and the preview version", async () => {
    const { issuer, sent } = answerWith([{ status: 200, body: print({}) }]);
    expect((await issuer.issue(order)).kind).toBe("issued");
    const { url, init } = sent[0] ?? { url: "", init: {} };
    const headers = new Headers(init.headers as Record<string, string>);
    expect(url).toBe("https://api.stripe.com/v1/shared_payment/issued_tokens");
    expect(headers.get("idempotency-key")).toBe("key-1");
    expect(headers.get("stripe-version")).toBe("2026-04-22.preview");
    expect(Object.fromEntries(new URLSearchParams(String(init.body)))).toEqual({
      payment_method: "pm_1",
      "seller_details[network_business_profile]": "profile_1",
      "usage_limits[currency]": "usd",
      "usage_limits[max_amount]": "6000",
      "usage_limits[expires_at]": "1800000000",
    });
  });
});

describe("what it makes of answers", () => {
  it.each([
    [400, { error: { type: "invalid_request_error", code: "parameter_invalid" } }, "refused"],
    [401, { error: { type: "invalid_request_error", message: "no key" } }, "refused"],
    [402, { error: { type: "card_error", code: "card_declined" } }, "refused"],
    [400, { error: { type: "idempotency_error", message: "used" } }, "unknown"],
    [409, { error: { type: "invalid_request_error", code: "lock_timeout" } }, "unknown"],
    [429, { error: { type: "invalid_request_error", code: "rate_limit" } }, "unknown"],
    [500, { error: { type: "api_error", message: "oops" } }, "unknown"],
    [200, "<html>", "unknown"],
    [200, { id: "card_1" }, "unknown"],
    [200, print({}), "issued"],
  ])("%s %j is %s", async (status, body, kind) => {
    const { issuer } = answerWith([{ status, body }]);
    expect((await issuer.issue(order)).kind).toBe(kind);
  });

  it.each([
    [
      "a larger cap",
      { usage_limits: { currency: "usd", max_amount: 6001, expires_at: 1_800_000_000 } },
    ],
    [
      "another currency",
      { usage_limits: { currency: "eur", max_amount: 6000, expires_at: 1_800_000_000 } },
    ],
    ["no end", { usage_limits: { currency: "usd", max_amount: 6000 } }],
    ["a person's action", { status: "requires_action" }],
  ])(
    "revokes a token with %s, and calls it refused only when that is proved",
    async (_, change) => {
      const dead = print({ ...change, status: "deactivated", deactivated_reason: "revoked" });
      const proved = answerWith([
        { status: 200, body: print(change) },
        { status: 200, body: dead },
        { status: 200, body: dead },
      ]);
      expect((await proved.issuer.issue(order)).kind).toBe("refused");
      expect(proved.sent[1]?.url).toMatch(/\/spt_1234567890\/revoke$/);
      const unproved = answerWith([
        { status: 200, body: print(change) },
        { status: 500, body: {} },
      ]);
      expect((await unproved.issuer.issue(order)).kind).toBe("unknown");
    },
  );

  it.each([1e18, Number.MAX_VALUE, 253_402_300_800, 0, -1])(
    "does not know a token that ends at second %s",
    async (expires_at) => {
      const limits = { currency: "usd", max_amount: 6000, expires_at };
      const { issuer } = answerWith([{ status: 200, body: print({ usage_limits: limits }) }]);
      const state = await issuer.read(new Secret("spt_1234567890"));
      expect(state).toEqual({ kind: "unknown", code: "malformed" });
    },
  );

  it("never throws and never sees an active token in any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom(200, 400, 404, 500), async (body, status) => {
        const { issuer } = answerWith([{ status, body }]);
        expect((await issuer.issue(order)).kind).not.toBe("issued");
        const state = await issuer.read(new Secret("spt_1234567890"));
        expect(["unknown", "absent"]).toContain(state.kind);
      }),
      { numRuns: 60 },
    );
  });
});
