import { describe, expect, it } from "vitest";
import { createAdyenIssuer } from "../../src/adapters/issuers/adyen/client.ts";
import type { Issuer } from "../../src/adapters/issuers/contract.ts";
import { createPaypalIssuer } from "../../src/adapters/issuers/paypal/client.ts";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { createStripeIssuingIssuer } from "../../src/adapters/issuers/stripe-issuing/client.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";

/** What comes before the layer that knows a request's key. */
const STATUSES = [401, 403] as const;
/** One attempt: its status, or silence. */
type Attempt = number | "silence";

/** Answers in the form of the issuer; repeats the last one for ever. */
function play(attempts: readonly Attempt[], describeError: (status: number) => object): Fetch {
  let made = 0;
  return async () => {
    const attempt = attempts[Math.min(made, attempts.length - 1)];
    made += 1;
    if (attempt === "silence" || attempt === undefined)
      throw Object.assign(new TypeError("fetch failed"), { code: "ECONNRESET" });
    return Response.json(describeError(attempt), { status: attempt });
  };
}

const STRIPE_ERROR = () => ({ error: { type: "invalid_request_error", code: "api_key_expired" } });
const ADYEN_ERROR = (status: number) => ({ errorCode: "00_403", title: "Forbidden", status });

const ISSUERS: Readonly<Record<string, (attempts: readonly Attempt[]) => Issuer>> = {
  stripe: (attempts) =>
    createStripeIssuer(
      { secretKey: "sk_test_1", paymentMethod: "pm_1" },
      { fetch: play(attempts, STRIPE_ERROR) },
    ),
  "stripe-issuing": (attempts) =>
    createStripeIssuingIssuer(
      { secretKey: "sk_test_1", cardholder: "ich_1" },
      { fetch: play(attempts, STRIPE_ERROR) },
    ),
  adyen: (attempts) =>
    createAdyenIssuer(
      {
        apiKey: "key",
        balanceAccountId: "BA1",
        issuingCountryCode: "NL",
        brand: "visa",
        brandVariant: "visadebit",
        cardholderName: "Example",
      },
      { fetch: play(attempts, ADYEN_ERROR), now: Date.now },
    ),
  paypal: (attempts) => {
    const later = play(attempts, () => ({ name: "NOT_AUTHORIZED" }));
    const fetch: Fetch = async (url, init) =>
      url.endsWith("/v1/oauth2/token")
        ? Response.json({ access_token: "token", expires_in: 3600 })
        : later(url, init);
    return createPaypalIssuer(
      { clientId: "client", clientSecret: "secret", agreements: { ABCDEFGHJKLMN: "B-12345678" } },
      { fetch, now: Date.now },
    );
  },
};

/** A seller as each issuer names one. */
const PAYEES: Readonly<Record<string, string>> = {
  stripe: "profile_test_1",
  "stripe-issuing": "airlines_air_carriers",
  adyen: "M123@ACQ001",
  paypal: "ABCDEFGHJKLMN",
};

async function issue(name: string, attempts: readonly Attempt[]) {
  const order = {
    key: "key-of-this-test",
    payee: PAYEES[name] ?? "",
    cap: { currency: "USD", minor: 4000n },
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  return ISSUERS[name]?.(attempts).issue(order);
}

describe.each(Object.keys(ISSUERS))("promise 3: one act, once: %s", (name) => {
  it.each(STATUSES)("takes no %s after an attempt without an answer for a no", async (status) => {
    expect(await issue(name, ["silence", status])).toMatchObject({ kind: "unknown" });
  });

  it.each(STATUSES)("takes no %s after an error of the server for a no", async (status) => {
    expect(await issue(name, [502, status])).toMatchObject({ kind: "unknown" });
  });

  it.each(STATUSES)("takes a %s to the only attempt for a no", async (status) => {
    const code = status === 401 ? "unauthorized" : "forbidden";
    expect(await issue(name, [status])).toEqual({ kind: "refused", code });
  });
});
