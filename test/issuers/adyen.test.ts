import { createHmac } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAdyenIssuer } from "../../src/adapters/issuers/adyen/client.ts";
import adyen from "../../src/adapters/issuers/adyen/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { testIssuer } from "./issuer-suite.ts";
import { openSandboxSubject } from "./sandbox-subject.ts";
import { watchExchanges } from "./watch-exchanges.ts";

const HMAC_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";
const { watch, testDocument } = watchExchanges({
  file: "adyen-issuing.openapi.json",
  base: "/bcl/v2",
  watched: "/bcl/",
  undeclared: {
    "404 to GET /paymentInstruments/{id}":
      "an instrument that never was has to be answered somehow, and the document says 400, 401, 403, 422 and 500 only",
  },
  exchangesLeast: 100,
});
const checkedFetch = watch((url, init) => fetch(url, init));

async function open() {
  const { harness, part, chargeCard, subject } = await openSandboxSubject("adyen");
  let offset = 0;
  const connect = (apiKey: string) =>
    createAdyenIssuer(
      { ...part, apiKey, hmacKey: HMAC_KEY },
      { fetch: checkedFetch, now: () => Date.now() + offset, repeats: 0 },
    );
  return {
    ...subject,
    harness,
    issuer: connect(part.apiKey),
    stranger: connect("nobody"),
    advance: async (milliseconds: number) => {
      offset += milliseconds;
      await subject.advance(milliseconds);
    },
    lose: (how: "answer" | "request") =>
      harness.fault(how === "answer" ? "drop-after" : "refuse", "POST", "/paymentInstruments$"),
    charge: chargeCard,
    async signWebhook(token: { reveal(): string }) {
      const body = JSON.stringify({
        type: "balancePlatform.paymentInstrument.updated",
        data: { paymentInstrument: { id: token.reveal(), status: "closed" } },
      });
      const hmac = createHmac("sha256", Buffer.from(HMAC_KEY, "hex")).update(body);
      return { body, headers: { hmacsignature: hmac.digest("base64") } };
    },
  };
}

testIssuer(adyen, open);

function order(payee: string, minor = 6000n) {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { key: "key-of-this-test", payee, cap: { currency: "USD", minor }, expiresAt };
}

describe("a card of Adyen", () => {
  const steps = [
    ["POST", "/paymentInstruments$", 1],
    ["POST", "/transactionRules$", 1],
    ["POST", "/transactionRules$", 2],
    ["POST", "/transactionRules$", 4],
    ["PATCH", "/paymentInstruments/", 1],
  ] as const;
  for (const [method, path, nth] of steps)
    for (const kind of ["drop-after", "refuse", "status500-after"])
      it(`is one, with all of its rules, when ${method} ${path} number ${nth} meets ${kind}`, async () => {
        const { harness, issuer, payee, count, close } = await open();
        onTestFinished(close);
        await harness.fault(kind, method, path, 1, nth);
        const same = order(payee);
        expect((await issuer.issue(same)).kind).toBe("unknown");
        const answer = await issuer.issue(same);
        if (answer.kind !== "issued") throw new Error(`${answer.kind}: ${answer.code}`);
        expect(await count()).toBe(1);
        expect(await issuer.read(answer.token)).toMatchObject({
          kind: "active",
          captured: { minor: 0n },
          expiresAt: answer.expiresAt,
        });
      });

  it("is of no use before its rules stand, and to nobody but its payee", async () => {
    const { harness, issuer, payee, charge, close } = await open();
    onTestFinished(close);
    await harness.fault("status500-after", "POST", "/transactionRules$");
    await issuer.issue(order(payee));
    const [card] = (await harness.books()).paymentTokens;
    expect(card).toMatchObject({
      issuer: "adyen",
      status: "deactivated",
      deactivatedReason: "inactive",
    });
    const other = await issuer.issue({ ...order("M123@ACQ001"), key: "another" });
    if (other.kind !== "issued") throw new Error(other.kind);
    const revealed = await issuer.reveal?.(other.token, order(payee));
    if (revealed?.kind !== "revealed") throw new Error(revealed?.kind);
    expect(await charge(revealed.credential, 100n)).toBe(false);
  });

  it("is closed again when it comes with another rule than asked for", async () => {
    const { harness, issuer, payee, close } = await open();
    onTestFinished(close);
    const wide: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!url.endsWith("/transactionRules") || init.method !== "POST") return response;
      const text = (await response.text()).replace('"value":6000', '"value":9000');
      return new Response(text, { status: response.status });
    };
    const lying = createAdyenIssuer(harness.connection.issuers.adyen, {
      fetch: wide,
      now: Date.now,
      repeats: 0,
    });
    expect(await lying.issue(order(payee))).toEqual({ kind: "refused", code: "wrong_limits" });
    const [card] = (await harness.books()).paymentTokens;
    expect(card).toMatchObject({ deactivatedReason: "closed" });
    expect((await issuer.issue({ ...order(payee), key: "next" })).kind).toBe("issued");
  });

  it("repeats under the same key what Adyen marks as passing", async () => {
    const keys: string[] = [];
    const busy: Fetch = async (_, init) => {
      keys.push(String(new Headers(init.headers as Record<string, string>).get("idempotency-key")));
      return Response.json({}, { status: 422, headers: { "transient-error": "true" } });
    };
    const { harness, payee, close } = await open();
    onTestFinished(close);
    const issuer = createAdyenIssuer(harness.connection.issuers.adyen, {
      fetch: busy,
      now: Date.now,
    });
    expect((await issuer.issue(order(payee))).kind).toBe("unknown");
    expect(keys).toEqual(Array.from({ length: 3 }, () => "key-of-this-test"));
  });

  testDocument();
});
