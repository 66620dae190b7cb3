import { describe, expect, it } from "vitest";
import { createPaypalIssuer } from "../../src/adapters/issuers/paypal/client.ts";
import {
  type Signer,
  signPaypalWebhook,
  tellDeletion,
  withCertificates,
} from "./sign-paypal-webhook.ts";

const WEBHOOK_ID = "1JE4291016473214C";
const ORIGIN = "https://api.paypal.com";
const DELETED = tellDeletion("8kk8451t");
const REFUSED = { kind: "refused", code: "signature" };

let asked: string[] = [];
function open(webhookId?: string) {
  asked = [];
  const none = (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response("", { status: 404 }));
  };
  return createPaypalIssuer(
    {
      ...{ apiUrl: "https://api-m.paypal.com", clientId: "c", clientSecret: "s", agreements: {} },
      webhookId,
    },
    { fetch: withCertificates(none), now: Date.now, repeats: 0 },
  );
}

describe("a webhook of PayPal", () => {
  const issuer = open(WEBHOOK_ID);

  it("is believed under a certificate of PayPal's own host alone", async () => {
    const right = signPaypalWebhook(ORIGIN, WEBHOOK_ID, DELETED);
    expect(await issuer.readWebhook?.(right)).toMatchObject({ kind: "event", about: "ended" });
    for (const host of [
      "https://api.paypal.com.example",
      "http://api.paypal.com",
      "https://api.paypal.com:8443",
      "https://api.paypal.com@example.com",
      "https://example.com/https://api.paypal.com",
      "nonsense",
    ])
      expect(await issuer.readWebhook?.(signPaypalWebhook(host, WEBHOOK_ID, DELETED))).toEqual(
        REFUSED,
      );
    expect(asked, "nobody else was asked for a certificate").toEqual([]);
  });

  it.each<[string, { readonly certificate?: string; readonly by?: Signer }]>([
    ["an old certificate", { certificate: "CERT-OLD", by: "CERT-OLD" }],
    ["another's key", { by: "CERT-OLD" }],
    ["no certificate", { certificate: "CERT-NONE" }],
    ["a certificate at another path", { certificate: "../../certs/CERT-1" }],
  ])("is refused under %s", async (_, how) => {
    const webhook = signPaypalWebhook(ORIGIN, WEBHOOK_ID, DELETED, how);
    expect(await issuer.readWebhook?.(webhook)).toEqual(REFUSED);
  });

  it("is refused for another webhook's id, and without one of ours", async () => {
    const other = signPaypalWebhook(ORIGIN, "2JE4291016473214C", DELETED);
    expect(await issuer.readWebhook?.(other)).toEqual(REFUSED);
    const right = signPaypalWebhook(ORIGIN, WEBHOOK_ID, DELETED);
    expect(await open().readWebhook?.(right)).toEqual(REFUSED);
  });

  it.each([
    ["VAULT.PAYMENT-TOKEN.CREATED", true],
    ["VAULT.PAYMENT-TOKEN.DELETION-INITIATED", true],
    ["PAYMENT.CAPTURE.COMPLETED", false],
  ])("%s ends nothing", async (event_type, isNamed) => {
    const event = { event_type, resource: { id: "8kk8451t" } };
    const answer = await issuer.readWebhook?.(signPaypalWebhook(ORIGIN, WEBHOOK_ID, event));
    expect(answer).toMatchObject({ kind: "event", about: "other" });
    expect(answer?.kind === "event" && answer.reference !== undefined).toBe(isNamed);
  });
});
