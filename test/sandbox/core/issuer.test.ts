import { describe, expect, it } from "vitest";
import {
  catchError,
  connectIssuer,
  connectSeller,
  createStripe,
  issueToken,
  PREVIEW,
  pay,
  readToken,
  revokeToken,
} from "./support/stripe-client.ts";
import { startTestSandbox, type TestSandbox } from "./support/test-sandbox.ts";

const DAY = 86_400_000;

async function start(clock?: () => number) {
  const sandbox = await startTestSandbox({ clock });
  const issuer = await connectIssuer(sandbox);
  const seller = await connectSeller(sandbox, "acme");
  return { sandbox, issuer, seller };
}

function inSeconds(sandbox: TestSandbox, seconds: number): number {
  return Math.floor(sandbox.context.now() / 1000) + seconds;
}

describe("a shared payment token, through the official SDK", () => {
  it("is issued, read, and seen by its seller without the payment method", async () => {
    const { sandbox, issuer, seller } = await start();
    const expires_at = inSeconds(sandbox, 3600);
    const token = await issueToken(
      issuer,
      seller.profile,
      { expires_at },
      {
        shared_metadata: { order: "7", "odd name": "x" },
      },
    );
    expect(token).toMatchObject({
      id: expect.stringMatching(/^spt_cnry[0-9a-f]{44}$/),
      object: "shared_payment.issued_token",
      status: "active",
      livemode: false,
      created: expect.any(Number),
      deactivated_at: null,
      deactivated_reason: null,
      next_action: null,
      payment_method: "pm_card_visa",
      seller_details: { network_business_profile: seller.profile, external_id: null },
      shared_metadata: { order: "7", "odd name": "x" },
      usage_details: { amount_captured: { value: 0, currency: "usd" } },
      usage_limits: { currency: "usd", max_amount: 6000, expires_at },
    });
    expect(await readToken(issuer, token.id)).toMatchObject({ id: token.id, status: "active" });
    const granted = await seller.stripe.rawRequest(
      "GET",
      `/v1/shared_payment/granted_tokens/${token.id}`,
      undefined,
      { apiVersion: PREVIEW },
    );
    expect(granted).toMatchObject({
      object: "shared_payment.granted_token",
      payment_method_details: { card: { brand: "visa", last4: "4242" } },
      usage_limits: { max_amount: 6000 },
    });
    expect(granted).not.toHaveProperty("payment_method");
  });

  it("pays within its limit and is consumed by the last unit", async () => {
    const { sandbox, issuer, seller } = await start();
    const { id } = await issueToken(issuer, seller.profile);
    const intent = await pay(seller.stripe, id, 1044, {
      description: "a domain",
      metadata: { a: "b" },
    });
    expect(intent).toMatchObject({
      object: "payment_intent",
      status: "succeeded",
      amount: 1044,
      amount_received: 1044,
      currency: "usd",
      description: "a domain",
      metadata: { a: "b" },
      latest_charge: expect.stringMatching(/^ch_/),
    });
    expect(await seller.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      id: intent.id,
      status: "succeeded",
    });
    const over = await catchError(pay(seller.stripe, id, 4957));
    expect(over).toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
      code: "shared_payment_granted_token_limit_exceeded",
    });
    await pay(seller.stripe, id, 4956);
    expect(await readToken(issuer, id)).toMatchObject({
      status: "deactivated",
      deactivated_reason: "consumed",
      usage_details: { amount_captured: { value: 6000, currency: "usd" } },
    });
    expect((await catchError(pay(seller.stripe, id, 1))).code).toBe(
      "shared_payment_granted_token_inactive",
    );
    const books = await sandbox.books();
    expect(books.paymentTokens).toMatchObject([
      { id, captured: "60.00 USD", maxAmount: "60.00 USD" },
    ]);
    expect(
      books.charges.map(({ amount, paymentIntent }) => [amount, paymentIntent === intent.id]),
    ).toEqual([
      ["10.44 USD", true],
      ["49.56 USD", false],
    ]);
  });

  it("is worth nothing to another seller, to its issuer, and in another currency", async () => {
    const { sandbox, issuer, seller } = await start();
    const other = await connectSeller(sandbox, "other.io");
    const { id } = await issueToken(issuer, seller.profile);
    for (const stripe of [other.stripe, issuer])
      expect(await catchError(pay(stripe, id, 100))).toMatchObject({
        statusCode: 400,
        code: "resource_missing",
      });
    const path = `/v1/shared_payment/granted_tokens/${id}`;
    const look = other.stripe.rawRequest("GET", path, undefined, { apiVersion: PREVIEW });
    expect(await catchError(look)).toMatchObject({ statusCode: 404, code: "resource_missing" });
    expect((await catchError(pay(seller.stripe, id, 100, { currency: "eur" }))).code).toBe(
      "shared_payment_granted_token_currency_mismatch",
    );
    expect(await catchError(readToken(seller.stripe, id))).toMatchObject({ statusCode: 404 });
    expect(await catchError(revokeToken(seller.stripe, id))).toMatchObject({ statusCode: 404 });
    expect((await sandbox.books()).charges).toEqual([]);
  });

  it("is dead after it was revoked; revoking again changes nothing", async () => {
    const { sandbox, issuer, seller } = await start();
    const { id } = await issueToken(issuer, seller.profile);
    const revoked = await revokeToken(issuer, id);
    expect(revoked).toMatchObject({ status: "deactivated", deactivated_reason: "revoked" });
    await sandbox.advance(DAY);
    expect(await revokeToken(issuer, id)).toEqual(revoked);
    expect((await catchError(pay(seller.stripe, id, 1))).code).toBe(
      "shared_payment_granted_token_inactive",
    );
  });

  it("expires by the sandbox's clock, for good", async () => {
    const { sandbox, issuer, seller } = await start();
    const { id } = await issueToken(issuer, seller.profile, {
      expires_at: inSeconds(sandbox, 100),
    });
    await sandbox.advance(98_000);
    await pay(seller.stripe, id, 1);
    await sandbox.advance(2_000);
    expect((await catchError(pay(seller.stripe, id, 1))).code).toBe(
      "shared_payment_granted_token_inactive",
    );
    await sandbox.advance(-50_000);
    expect(await readToken(issuer, id)).toMatchObject({
      status: "deactivated",
      deactivated_reason: "expired",
    });
  });

  it("counts from zero again at the turn of its interval, in UTC", async () => {
    const machine = Date.parse("2026-01-31T23:00:00Z");
    const { sandbox, issuer, seller } = await start(() => machine);
    const { id, usage_limits } = await issueToken(issuer, seller.profile, {
      recurring_interval: "month",
    });
    expect(usage_limits.recurring_interval).toBe("month");
    await pay(seller.stripe, id, 6000);
    expect(await readToken(issuer, id)).toMatchObject({ status: "active" });
    await sandbox.advance(3_599_000);
    expect((await catchError(pay(seller.stripe, id, 1))).code).toContain("limit_exceeded");
    await sandbox.advance(1_000);
    await pay(seller.stripe, id, 5999);
    expect((await catchError(pay(seller.stripe, id, 2))).code).toContain("limit_exceeded");
    expect((await sandbox.books()).paymentTokens).toMatchObject([
      { captured: "119.99 USD", interval: "month" },
    ]);
  });

  it.each([
    ["week", "2026-01-04T23:59:59Z", "2026-01-05T00:00:00Z"],
    ["year", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"],
  ])("resets by the %s", async (recurring_interval, before, after) => {
    const { sandbox, issuer, seller } = await start(() => Date.parse(before));
    const { id } = await issueToken(issuer, seller.profile, { recurring_interval });
    await pay(seller.stripe, id, 6000);
    await sandbox.admin("POST", "clock", { now: after });
    await pay(seller.stripe, id, 6000);
  });

  it("waits for its card holder when the card needs it", async () => {
    const { sandbox, issuer, seller } = await start();
    const needsAction = { payment_method: "pm_card_authenticationRequired" };
    const return_url = `${sandbox.controlUrl}/done`;
    const token = await issueToken(issuer, seller.profile, {}, { ...needsAction, return_url });
    expect(token).toMatchObject({
      status: "requires_action",
      next_action: { type: "redirect_to_url", redirect_to_url: { return_url } },
    });
    expect((await catchError(pay(seller.stripe, token.id, 1))).code).toContain("inactive");
    const { url } = token.next_action.redirect_to_url;
    expect(await (await fetch(url)).text()).toContain("Confirm");
    const back = await fetch(url, { method: "POST", redirect: "manual" });
    expect(back.headers.get("location")).toBe(return_url);
    expect(await readToken(issuer, token.id)).toMatchObject({
      status: "active",
      next_action: null,
    });
    await pay(seller.stripe, token.id, 1);
    expect((await fetch(url)).status).toBe(410);
    const inSdk = await issueToken(
      issuer,
      seller.profile,
      {},
      { ...needsAction, return_url, use_stripe_sdk: true },
    );
    expect(inSdk.next_action.type).toBe("use_stripe_sdk");
  });

  it("is declined with its PaymentIntent inside the error, and nothing captured", async () => {
    const { sandbox, issuer, seller } = await start();
    const { id } = await issueToken(
      issuer,
      seller.profile,
      {},
      { payment_method: "pm_card_chargeDeclined" },
    );
    const error = await catchError(pay(seller.stripe, id, 100));
    expect(error).toMatchObject({
      type: "StripeCardError",
      statusCode: 402,
      code: "card_declined",
      decline_code: "generic_decline",
      payment_intent: {
        object: "payment_intent",
        status: "requires_payment_method",
        amount_received: 0,
      },
    });
    expect((await sandbox.books()).charges).toEqual([]);
  });
});

describe("the issuer's front", () => {
  it("takes Bearer and Basic keys, and no other", async () => {
    const { sandbox } = await start();
    const { secretKey } = (await sandbox.connection()).issuers.stripe;
    const get = (authorization?: string) =>
      fetch(`${sandbox.controlUrl}/v1/shared_payment/issued_tokens/spt_none`, {
        headers: {
          "stripe-version": PREVIEW,
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
    expect((await get(`Bearer ${secretKey}`)).status).toBe(404);
    expect((await get(`Basic ${btoa(`${secretKey}:`)}`)).status).toBe(404);
    for (const wrong of [undefined, "Bearer sk_test_wrong", `Token ${secretKey}`, "Basic !"]) {
      const answer = await get(wrong);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain("wrong");
    }
    const stranger = createStripe(sandbox, "sk_test_stranger");
    expect(await catchError(readToken(stranger, "spt_1"))).toMatchObject({
      type: "StripeAuthenticationError",
    });
  });

  it("knows payment tokens under a preview version alone", async () => {
    const { issuer, seller } = await start();
    const path = "/v1/shared_payment/issued_tokens/spt_none";
    for (const apiVersion of ["2026-04-22.dahlia", "2026-03-01.preview"])
      expect(
        await catchError(issuer.rawRequest("GET", path, undefined, { apiVersion })),
      ).toMatchObject({ statusCode: 400 });
    for (const apiVersion of [PREVIEW, "2026-09-30.preview"])
      expect(
        await catchError(issuer.rawRequest("GET", path, undefined, { apiVersion })),
      ).toMatchObject({
        statusCode: 404,
        code: "resource_missing",
      });
    const params = {
      amount: 1,
      currency: "usd",
      confirm: true,
      payment_method_data: { shared_payment_granted_token: "spt_1" },
    };
    const ordinary = seller.stripe.rawRequest("POST", "/v1/payment_intents", params, {});
    expect(await catchError(ordinary)).toMatchObject({
      statusCode: 400,
      code: "parameter_unknown",
    });
  });

  it("answers with a request id, and 404 for what it does not have", async () => {
    const { issuer } = await start();
    const error = await catchError(issuer.customers.list());
    expect(error).toMatchObject({ statusCode: 404, requestId: expect.stringMatching(/^req_/) });
  });

  it.each([
    ["payment_method", {}, { payment_method: undefined }, "parameter_missing"],
    [
      "seller_details[network_business_profile]",
      {},
      { seller_details: { external_id: "x" } },
      "parameter_missing",
    ],
    [
      "seller_details[network_business_profile]",
      {},
      { seller_details: { network_business_profile: "acme" } },
      undefined,
    ],
    ["usage_limits[currency]", { currency: undefined }, {}, "parameter_missing"],
    ["usage_limits[currency]", { currency: "USD" }, {}, undefined],
    ["usage_limits[max_amount]", { max_amount: undefined }, {}, "parameter_missing"],
    ["usage_limits[max_amount]", { max_amount: 0 }, {}, undefined],
    ["usage_limits[max_amount]", { max_amount: 10.44 }, {}, undefined],
    ["usage_limits[max_amount]", { max_amount: "1e3" }, {}, undefined],
    ["usage_limits[max_amount]", { max_amount: 100_000_000 }, {}, undefined],
    ["usage_limits[expires_at]", { expires_at: 1_000_000_000 }, {}, undefined],
    ["usage_limits[recurring_interval]", { recurring_interval: "day" }, {}, undefined],
    ["usage_limits[amount]", { amount: 5 }, {}, "parameter_unknown"],
    ["limit", {}, { limit: 5 }, "parameter_unknown"],
  ])("refuses a wrong %s (%j %j)", async (param, limits, more, code) => {
    const { sandbox, issuer, seller } = await start();
    const error = await catchError(issueToken(issuer, seller.profile, limits, more));
    expect(error).toMatchObject({ type: "StripeInvalidRequestError", statusCode: 400, param });
    expect(error.code).toBe(code);
    expect((await sandbox.books()).paymentTokens).toEqual([]);
  });

  it.each([
    [0, {}, "amount"],
    [-5, {}, "amount"],
    [10.5, {}, "amount"],
    [5, { currency: "dollars" }, "currency"],
    [5, { confirm: false }, "confirm"],
    [5, { payment_method_data: {} }, "payment_method_data[shared_payment_granted_token]"],
    [5, { tip: 3 }, "tip"],
  ])("refuses the payment %i %j", async (amount, more, param) => {
    const { seller } = await start();
    expect(await catchError(pay(seller.stripe, "spt_1", amount, more))).toMatchObject({
      statusCode: 400,
      param,
    });
  });

  it("has no payment method but Stripe's test cards, and no issuing by a seller", async () => {
    const { issuer, seller } = await start();
    const missing = { statusCode: 400, code: "resource_missing", param: "payment_method" };
    const other = issueToken(issuer, seller.profile, {}, { payment_method: "pm_1RgaZb" });
    expect(await catchError(other)).toMatchObject(missing);
    expect(await catchError(issueToken(seller.stripe, seller.profile))).toMatchObject(missing);
  });
});
