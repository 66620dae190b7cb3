import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectProvider } from "./support/provider-client.ts";
import { connectIssuer, issueToken, revokeToken } from "./support/stripe-client.ts";
import { startTestSandbox } from "./support/test-sandbox.ts";

async function start(limits = {}, more = {}) {
  const sandbox = await startTestSandbox();
  const client = await connectProvider(sandbox);
  const { bearer, accountId } = await client.connect();
  const issuer = await connectIssuer(sandbox);
  const { sellerProfile } = (await sandbox.connection()).providers.acme ?? { sellerProfile: "" };
  const present = async () => {
    const token = await issueToken(issuer, sellerProfile, limits, more);
    const body = {
      service_id: "email",
      orchestrator_resource_id: `r-${token.id}`,
      payment_credentials: { type: "stripe_payment_token", stripe_payment_token: token.id },
    };
    await client.call("POST", "/provisioning/resources", body, { bearer });
    return token.id as string;
  };
  const charge = (minor: bigint, key: string, currency = "USD") =>
    sandbox.context.charge({
      provider: "acme",
      accountId,
      amount: { currency, minor },
      description: "a domain",
      key,
    });
  return { sandbox, issuer, present, charge };
}

describe("a provider's charge", () => {
  it("needs a payment token presented for the account", async () => {
    const { sandbox, charge } = await start();
    const refused = { ok: false, code: "no_payment_method" };
    expect(charge(1044n, "domain")).toEqual(refused);
    const amount = { currency: "USD", minor: 1n };
    const nobody = { provider: "acme", accountId: "nobody", amount, description: "", key: "k" };
    expect(sandbox.context.charge(nobody)).toEqual(refused);
  });

  it("is made once per key and survives a restart", async () => {
    const { sandbox, present, charge } = await start();
    const token = await present();
    const first = charge(1044n, "domain");
    expect(first).toEqual({ ok: true, chargeId: expect.stringMatching(/^ch_/) });
    expect(charge(1044n, "domain")).toEqual(first);
    await sandbox.close();
    const again = await startTestSandbox({ home: sandbox.home });
    const { charges, paymentTokens, accounts } = await again.books();
    const accountId = accounts[0]?.accountId ?? "";
    const amount = { currency: "USD", minor: 1044n };
    const input = { provider: "acme", accountId, amount, description: "a domain", key: "domain" };
    expect(again.context.charge(input)).toEqual(first);
    expect(charges).toMatchObject([
      { amount: "10.44 USD", paymentToken: token, key: "domain", accountId },
    ]);
    expect(paymentTokens).toMatchObject([{ captured: "10.44 USD" }]);
  });

  it("is refused over the limit, in another currency, after revocation and when declined", async () => {
    const { issuer, present, charge } = await start();
    const token = await present();
    expect(charge(6001n, "a")).toEqual({ ok: false, code: "limit_exceeded" });
    expect(charge(1n, "b", "EUR")).toEqual({ ok: false, code: "declined" });
    await revokeToken(issuer, token);
    expect(charge(1n, "c")).toEqual({ ok: false, code: "token_inactive" });
    await present();
    expect(charge(1n, "c")).toMatchObject({ ok: true });
    const declining = await start({}, { payment_method: "pm_card_chargeDeclined" });
    await declining.present();
    expect(declining.charge(1n, "a")).toEqual({ ok: false, code: "declined" });
  });

  it("is undone with the vendor's transaction around it", async () => {
    const { sandbox, present, charge } = await start();
    await present();
    const work = () =>
      sandbox.context.store.transaction(() => {
        expect(charge(1044n, "domain")).toMatchObject({ ok: true });
        throw new Error("registry down");
      });
    expect(work).toThrow("registry down");
    const books = await sandbox.books();
    expect(books.charges).toEqual([]);
    expect(books.paymentTokens).toMatchObject([{ captured: "0.00 USD" }]);
  });

  it("never adds up to more than the token's limit, and the books agree with the answers", async () => {
    const { sandbox, present, charge } = await start();
    const payments = fc.array(fc.tuple(fc.bigInt(1n, 3000n), fc.nat(8)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(payments, fc.uuid(), async (list, run) => {
        const token = await present();
        const paid = new Map<string, bigint>();
        for (const [minor, name] of list) {
          const outcome = charge(minor, `${run}/${name}`);
          if (outcome.ok && !paid.has(outcome.chargeId)) paid.set(outcome.chargeId, minor);
        }
        const books = await sandbox.books();
        const mine = books.charges.filter(({ paymentToken }) => paymentToken === token);
        expect(mine.map(({ chargeId }) => chargeId)).toEqual([...paid.keys()]);
        const sum = [...paid.values()].reduce((total, minor) => total + minor, 0n);
        expect(sum).toBeLessThanOrEqual(6000n);
        const entry = books.paymentTokens.find(({ id }) => id === token);
        const cents = BigInt(entry?.captured.replace(/\D/g, "") ?? "");
        expect(cents).toBe(sum);
      }),
      { numRuns: 25 },
    );
  });
});
