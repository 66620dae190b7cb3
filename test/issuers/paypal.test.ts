import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPaypalIssuer } from "../../src/adapters/issuers/paypal/client.ts";
import paypal from "../../src/adapters/issuers/paypal/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import type { ChargeHow } from "./issuer-subject.ts";
import { testIssuer } from "./issuer-suite.ts";
import { openSandboxSubject } from "./sandbox-subject.ts";
import { signPaypalWebhook, tellDeletion, withCertificates } from "./sign-paypal-webhook.ts";
import { watchExchanges } from "./watch-exchanges.ts";

const HOUR = 3_600_000;
const WEBHOOK_ID = "1JE4291016473214C";
const { watch, testDocument } = watchExchanges({
  file: "paypal-vault.openapi.json",
  base: "",
  watched: "/v3/vault/",
  undeclared: {
    "401 to GET /v3/vault/payment-tokens":
      "PayPal's general page on answers has it for all of them",
    "401 to GET /v3/vault/payment-tokens/{id}": "the same",
  },
  exchangesLeast: 50,
});

const certified = watch(withCertificates((url, init) => fetch(url, init)));

async function open() {
  const { harness, part, sellers, subject } = await openSandboxSubject("paypal");
  const connect = (clientSecret: string) =>
    createPaypalIssuer(
      { ...part, clientSecret, webhookId: WEBHOOK_ID },
      { fetch: certified, now: Date.now, repeats: 0 },
    );
  const merchants = { payee: subject.payee, another: subject.otherPayee };
  const ask = async (path: string, headers: Readonly<Record<string, string>>, body: string) => {
    const response = await fetch(`${part.apiUrl}${path}`, { method: "POST", headers, body });
    return { ok: response.ok, body: (await response.json()) as { readonly access_token?: string } };
  };
  const signIn = async (seller: "payee" | "another"): Promise<string> => {
    const secret = await harness.sellerKey(sellers[seller]);
    const basic = Buffer.from(`${merchants[seller]}:${secret}`).toString("base64");
    const grant = "grant_type=client_credentials";
    const { body } = await ask("/v1/oauth2/token", { authorization: `Basic ${basic}` }, grant);
    return body.access_token ?? "";
  };
  let orders = 0;
  return {
    ...subject,
    harness,
    part,
    // A token that was deleted is not found any more.
    gone: "absent" as const,
    issuer: connect(part.clientSecret),
    stranger: connect("nobody"),
    lose: (how: "answer" | "request") =>
      harness.fault(how === "answer" ? "drop-after" : "refuse", "POST", "/payment-tokens$"),
    /** The merchant signs in with its own app, and creates an order that is paid at once. */
    async charge(
      credential: { reveal(): string },
      minor: bigint,
      { currency = "USD", seller = "payee" }: ChargeHow = {},
    ) {
      orders += 1;
      const headers = {
        authorization: `Bearer ${await signIn(seller)}`,
        "paypal-request-id": `order-${orders}`,
      };
      const amount = { currency_code: currency, value: (Number(minor) / 100).toFixed(2) };
      const source = { paypal: { vault_id: credential.reveal() } };
      const order = { intent: "CAPTURE", purchase_units: [{ amount }], payment_source: source };
      return (await ask("/v2/checkout/orders", headers, JSON.stringify(order))).ok;
    },
    signWebhook: async (token: { reveal(): string }) =>
      signPaypalWebhook(part.apiUrl, WEBHOOK_ID, tellDeletion(token.reveal().split("_")[4] ?? "")),
  };
}

testIssuer(paypal, open, {
  "shows what was captured, and that the cap holds":
    "PayPal's vault tells no amounts that a merchant took, and a payment token has no cap",
});

async function openWithOrder() {
  const subject = await open();
  onTestFinished(subject.close);
  const expiresAt = new Date(Date.now() + HOUR).toISOString();
  const cap = { currency: "USD", minor: 500n };
  return { ...subject, order: { key: "k-1", payee: subject.payee, cap, expiresAt } };
}

describe("a payment token of PayPal", () => {
  it("is one for its key although PayPal forgets keys after three hours", async () => {
    const { issuer, order, count, advance } = await openWithOrder();
    const first = await issuer.issue(order);
    await advance(23 * HOUR);
    const again = await issuer.issue(order);
    if (first.kind !== "issued" || again.kind !== "issued") throw new Error(again.kind);
    expect(again.token.reveal()).toBe(first.token.reveal());
    expect(await count()).toBe(1);
  });

  it("is not issued again by the answer that PayPal kept, once it is revoked", async () => {
    const { issuer, order, count } = await openWithOrder();
    const first = await issuer.issue(order);
    if (first.kind !== "issued") throw new Error(first.kind);
    await issuer.revoke(first.token);
    expect(await issuer.issue(order)).toEqual({ kind: "refused", code: "revoked" });
    expect(await count()).toBe(1);
  });

  it("is given to its payee as the vault's own id, and to nobody without an agreement", async () => {
    const { issuer, order } = await openWithOrder();
    const answer = await issuer.issue(order);
    if (answer.kind !== "issued") throw new Error(answer.kind);
    const given = await issuer.reveal?.(answer.token, order);
    if (given?.kind !== "revealed") throw new Error(given?.kind);
    expect(given.type).toBe("paypal_vault_id");
    expect(answer.token.reveal().endsWith(`_${given.credential.reveal()}`)).toBe(true);
    for (const payee of ["nobody", "2222222222222", "__proto__"])
      expect(await issuer.issue({ ...order, payee })).toEqual({
        kind: "refused",
        code: "payee_unsupported",
      });
  });

  it("is refused where the agreement is not the merchant's", async () => {
    const { part, order, count } = await openWithOrder();
    const issuer = createPaypalIssuer(
      { ...part, agreements: { [order.payee]: "B-FOREIGN" } },
      { fetch: certified, now: Date.now, repeats: 0 },
    );
    expect(await issuer.issue(order)).toEqual({
      kind: "refused",
      code: "agreement_missing",
    });
    expect(await count()).toBe(0);
  });

  it("is asked for with a new access token when PayPal took the last one back", async () => {
    const { issuer, order, advance } = await openWithOrder();
    expect(await issuer.isHealthy?.()).toBe(true);
    await advance(10 * HOUR);
    expect((await issuer.issue(order)).kind).toBe("issued");
  });

  testDocument();
});

/** PayPal as a list of answers, the last for ever; the first request is for the access token. */
function answerWith(...answers: readonly { readonly status: number; readonly body: unknown }[]) {
  const sent: { readonly url: string; readonly init: RequestInit }[] = [];
  const fake: Fetch = async (url, init) => {
    if (url.endsWith("/v1/oauth2/token"))
      return Response.json({ access_token: "A21AA", expires_in: 32_400 });
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push({ url, init });
    const body = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body);
    return new Response(body, { status: answer?.status ?? 500 });
  };
  const issuer = createPaypalIssuer(
    { clientId: "client", clientSecret: "secret", agreements: { VYYFH3WJ4JPJQ: "B-1" } },
    { fetch: fake, now: Date.now, repeats: 0 },
  );
  return { issuer, sent };
}

const order = {
  key: "key-1",
  payee: "VYYFH3WJ4JPJQ",
  cap: { currency: "USD", minor: 6000n },
  expiresAt: new Date(1_900_000_000_000).toISOString(),
};
const NONE = { status: 200, body: { payment_tokens: [] } };

describe("what PayPal is asked", () => {
  it("names customer, agreement, merchant and key", async () => {
    const { issuer, sent } = answerWith(NONE, { status: 201, body: {} });
    await issuer.issue(order);
    const [list, made] = sent;
    const customer = /customer_id=(sc_[0-9a-f]{18})$/.exec(list?.url ?? "")?.[1];
    expect(made?.url).toBe("https://api-m.sandbox.paypal.com/v3/vault/payment-tokens");
    expect(JSON.parse(String(made?.init.body))).toEqual({
      customer: { id: customer },
      payment_source: { token: { type: "BILLING_AGREEMENT", id: "B-1" } },
    });
    const headers = new Headers(made?.init.headers as Record<string, string>);
    expect(headers.get("paypal-request-id")).toBe("key-1");
    const [head = "", claims = "", signature] = (headers.get("paypal-auth-assertion") ?? "").split(
      ".",
    );
    const decode = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());
    expect([decode(head), decode(claims), signature]).toEqual([
      { alg: "none" },
      { iss: "client", payer_id: "VYYFH3WJ4JPJQ" },
      "",
    ]);
  });

  it.each([
    [400, { name: "INVALID_REQUEST" }, "refused"],
    [401, { name: "AUTHENTICATION_FAILURE" }, "refused"],
    [403, { name: "NOT_AUTHORIZED" }, "refused"],
    [404, { name: "RESOURCE_NOT_FOUND" }, "refused"],
    [409, { name: "RESOURCE_CONFLICT" }, "unknown"],
    [422, { name: "UNPROCESSABLE_ENTITY", details: [{ issue: "INVALID_ID" }] }, "refused"],
    [422, { details: [{ issue: "PAYPAL_REQUEST_ID_PREVIOUSLY_USED" }] }, "unknown"],
    [429, {}, "unknown"],
    [500, {}, "unknown"],
    [302, {}, "unknown"],
    [201, "<html>", "unknown"],
    [201, { id: "8kk8451t", customer: { id: "somebody" } }, "unknown"],
  ])("an answer %i %j to a conversion is %s", async (status, body, kind) => {
    const { issuer } = answerWith(NONE, { status, body });
    expect((await issuer.issue(order)).kind).toBe(kind);
  });

  it("never throws, and sees no token in any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom(200, 201, 400, 404, 500),
        async (body, status) => {
          const { issuer } = answerWith({ status, body });
          expect((await issuer.issue(order)).kind).not.toBe("issued");
          const state = await issuer.read(
            new Secret("paypal_VYYFH3WJ4JPJQ_USD_1900000000_8kk8451t"),
          );
          expect(["unknown", "absent"]).toContain(state.kind);
        },
      ),
      { numRuns: 60 },
    );
  });
});
