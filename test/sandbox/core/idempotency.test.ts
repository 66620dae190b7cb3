import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  catchError,
  connectIssuer,
  connectSeller,
  issueToken,
  PREVIEW,
  pay,
  revokeToken,
} from "./support/stripe-client.ts";
import { startTestSandbox, type TestSandbox } from "./support/test-sandbox.ts";

const DAY = 86_400_000;
const CREATE = "^/v1/shared_payment/issued_tokens$";

async function start() {
  const sandbox = await startTestSandbox();
  const issuer = await connectIssuer(sandbox);
  const { profile } = await connectSeller(sandbox, "acme");
  const issue = (max_amount: number, key?: string) =>
    issueToken(issuer, profile, { max_amount }, {}, key);
  const fault = (rule: Readonly<Record<string, unknown>>) =>
    sandbox.admin("POST", "faults", { match: { method: "POST", path: CREATE }, ...rule });
  const countTokens = async () => (await sandbox.books()).paymentTokens.length;
  return { sandbox, issuer, profile, issue, fault, countTokens };
}

/** A request below the SDK, so that the headers can be seen. */
async function post(sandbox: TestSandbox, profile: string, key: string, maxAmount: number) {
  const { secretKey } = (await sandbox.connection()).issuers.stripe;
  return fetch(`${sandbox.controlUrl}/v1/shared_payment/issued_tokens`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${secretKey}`,
      "stripe-version": PREVIEW,
      "idempotency-key": key,
    },
    body: new URLSearchParams({
      payment_method: "pm_card_visa",
      "seller_details[network_business_profile]": profile,
      "usage_limits[currency]": "usd",
      "usage_limits[max_amount]": String(maxAmount),
    }),
  });
}

describe("an idempotency key", () => {
  it("replays status and body of the first request, and says so", async () => {
    const { sandbox, profile, countTokens } = await start();
    const first = await post(sandbox, profile, "k", 5);
    const second = await post(sandbox, profile, "k", 5);
    expect(await second.json()).toEqual(await first.json());
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"));
    expect(second.headers.get("request-id")).not.toBe(first.headers.get("request-id"));
    expect(await countTokens()).toBe(1);
  });

  it("is an idempotency_error with other parameters or at another endpoint", async () => {
    const { issuer, issue, countTokens } = await start();
    const { id } = await issue(5, "k");
    for (const work of [issue(6, "k"), revokeToken(issuer, id, "k")])
      expect(await catchError(work)).toMatchObject({
        type: "StripeIdempotencyError",
        rawType: "idempotency_error",
      });
    expect(await countTokens()).toBe(1);
  });

  it("does not depend on the order of the parameters", async () => {
    const { sandbox, issuer, profile, countTokens } = await start();
    const usage = { max_amount: 5, currency: "usd" };
    const backwards = {
      usage_limits: usage,
      seller_details: { network_business_profile: profile },
      payment_method: "pm_card_visa",
    };
    const forwards = Object.fromEntries(Object.entries(backwards).reverse());
    for (const params of [backwards, forwards])
      await issuer.rawRequest("POST", "/v1/shared_payment/issued_tokens", params, {
        apiVersion: PREVIEW,
        idempotencyKey: "k",
      });
    expect(await countTokens()).toBe(1);
    expect((await sandbox.books()).calls[0]).toMatchObject({ arrived: 2 });
  });

  it("belongs to one account", async () => {
    const { sandbox, issue, issuer, profile } = await start();
    const seller = await connectSeller(sandbox, "acme");
    const { id } = await issue(500, "k");
    expect(await pay(seller.stripe, id, 5, {}, "k")).toMatchObject({ status: "succeeded" });
    const other = await connectSeller(sandbox, "other.io");
    expect(await catchError(pay(other.stripe, id, 5, {}, "k"))).toMatchObject({
      code: "resource_missing",
    });
    expect(await issueToken(issuer, profile, { max_amount: 500 }, {}, "k")).toMatchObject({ id });
  });

  it("charges once, however often the payment is repeated", async () => {
    const { sandbox, issue } = await start();
    const seller = await connectSeller(sandbox, "acme");
    const { id } = await issue(500);
    const first = await pay(seller.stripe, id, 300, {}, "pay");
    for (let round = 0; round < 3; round += 1)
      expect(await pay(seller.stripe, id, 300, {}, "pay")).toEqual(first);
    expect((await sandbox.books()).charges).toHaveLength(1);
  });

  it("keeps an error that came from doing the work, a decline as well", async () => {
    const { sandbox, issuer, profile, issue } = await start();
    const seller = await connectSeller(sandbox, "acme");
    const { id } = await issue(500);
    const over = await catchError(pay(seller.stripe, id, 600, {}, "over"));
    expect(over.code).toContain("limit_exceeded");
    const again = await catchError(pay(seller.stripe, id, 600, {}, "over"));
    expect(again.headers["idempotent-replayed"]).toBe("true");
    const declining = await issueToken(
      issuer,
      profile,
      {},
      { payment_method: "pm_card_chargeDeclined" },
    );
    const first = await catchError(pay(seller.stripe, declining.id, 5, {}, "declined"));
    const second = await catchError(pay(seller.stripe, declining.id, 5, {}, "declined"));
    expect(second.payment_intent.id).toBe(first.payment_intent.id);
  });

  it("keeps a 500, whether the work was done or not", async () => {
    const { issue, fault, countTokens } = await start();
    await fault({ kind: "status500", layer: "execution" });
    await fault({ kind: "status500-after", layer: "execution", nth: 2 });
    for (const key of ["not done", "done"]) {
      const first = await catchError(issue(5, key));
      const second = await catchError(issue(5, key));
      expect([first.statusCode, second.statusCode], key).toEqual([500, 500]);
      expect(second.headers["idempotent-replayed"], key).toBe("true");
    }
    expect(await countTokens()).toBe(1);
  });

  it("keeps nothing when validation failed", async () => {
    const { issue, countTokens } = await start();
    expect(await catchError(issue(0, "k"))).toMatchObject({ statusCode: 400 });
    await issue(5, "k");
    expect(await countTokens()).toBe(1);
  });

  it("keeps nothing when the request was throttled or unauthorised in front of it", async () => {
    const { sandbox, issue, fault, profile, countTokens } = await start();
    await fault({ kind: "status429" });
    expect(await catchError(issue(5, "k"))).toMatchObject({
      type: "StripeRateLimitError",
      statusCode: 429,
    });
    await fault({ kind: "status500" });
    expect(await catchError(issue(5, "k"))).toMatchObject({ statusCode: 500 });
    const stranger = await fetch(`${sandbox.controlUrl}/v1/shared_payment/issued_tokens`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_x", "idempotency-key": "k" },
      body: new URLSearchParams({ "seller_details[network_business_profile]": profile }),
    });
    expect(stranger.status).toBe(401);
    expect(await issue(5, "k")).toMatchObject({ status: "active" });
    expect(await countTokens()).toBe(1);
  });

  it("conflicts with a request under way with the same key, and nothing is kept of that", async () => {
    const { sandbox, issue, fault, countTokens } = await start();
    // Long enough for the second request to find the first one at work on a busy machine, too.
    await fault({ kind: "slow", layer: "execution", ms: 3_000 });
    const slow = issue(5, "k");
    const struck = async () => {
      const { faults } = (await (await sandbox.admin("GET", "faults")).json()) as {
        readonly faults: readonly { readonly fired: number }[];
      };
      return faults[0]?.fired;
    };
    await expect.poll(struck, { timeout: 20_000 }).toBe(1);
    expect(await catchError(issue(5, "k"))).toMatchObject({
      statusCode: 409,
      rawType: "idempotency_error",
      code: "idempotency_key_in_use",
    });
    const first = await slow;
    expect((await issue(5, "k")).id).toBe(first.id);
    expect(await countTokens()).toBe(1);
  });

  it("is good for a new request after 24 hours, and not before, over a restart", async () => {
    const { sandbox, issue, profile } = await start();
    const first = await issue(5, "k");
    await sandbox.advance(DAY - 60_000);
    expect((await issue(5, "k")).id).toBe(first.id);
    await sandbox.close();
    const again = await startTestSandbox({ home: sandbox.home });
    const issuer = await connectIssuer(again);
    const repeat = () => issueToken(issuer, profile, { max_amount: 5 }, {}, "k");
    expect((await repeat()).id).toBe(first.id);
    await again.advance(60_000);
    expect((await repeat()).id).not.toBe(first.id);
    expect((await again.books()).paymentTokens).toHaveLength(2);
  });

  it("has up to 255 characters", async () => {
    const { issue } = await start();
    expect(await issue(5, "k".repeat(255))).toMatchObject({ status: "active" });
    expect(await catchError(issue(5, "k".repeat(256)))).toMatchObject({ statusCode: 400 });
  });

  it("means nothing on a GET", async () => {
    const { issuer, issue } = await start();
    const a = await issue(5);
    const b = await issue(5);
    for (const { id } of [a, b])
      expect(
        await issuer.rawRequest("GET", `/v1/shared_payment/issued_tokens/${id}`, undefined, {
          apiVersion: PREVIEW,
          idempotencyKey: "k",
        }),
      ).toMatchObject({ id });
  });

  it("behaves as documented in any sequence of requests, faults and hours", async () => {
    const step = fc.record({
      key: fc.constantFrom("k1", "k2"),
      maxAmount: fc.constantFrom(0, 5, 6),
      fault: fc.constantFrom("none", "none", "status500", "status500-after", "status429"),
      hours: fc.constantFrom(0, 0, 1, 11, 25),
    });
    const { sandbox, profile, countTokens } = await start();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.uuid(),
        async (steps, run) => {
          const kept = new Map<
            string,
            { at: number; maxAmount: number; status: number; body: string }
          >();
          let now = 0;
          let expected = await countTokens();
          for (const { key, maxAmount, fault, hours } of steps) {
            now += hours;
            await sandbox.advance(hours * 3_600_000);
            await sandbox.admin("DELETE", "faults");
            const layer = fault === "status429" ? "edge" : "execution";
            if (fault !== "none")
              await sandbox.admin("POST", "faults", {
                match: { path: CREATE },
                kind: fault,
                layer,
              });
            const answer = await post(sandbox, profile, `${run}/${key}`, maxAmount);
            const body = await answer.text();
            const old = kept.get(key);
            const known = old !== undefined && now - old.at < 24 ? old : undefined;
            if (fault === "status429") expect(answer.status).toBe(429);
            else if (known?.maxAmount === maxAmount) {
              expect([answer.status, body]).toEqual([known.status, known.body]);
              expect(answer.headers.get("idempotent-replayed")).toBe("true");
            } else if (known !== undefined) expect(body).toContain("idempotency_error");
            else if (maxAmount === 0) expect(answer.status).toBe(400);
            else {
              expect(answer.status).toBe(fault === "none" ? 200 : 500);
              kept.set(key, { at: now, maxAmount, status: answer.status, body });
              if (fault !== "status500") expected += 1;
            }
            expect(await countTokens()).toBe(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
