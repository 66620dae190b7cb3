import type { SandboxIssuers } from "../../src/sandbox/issuer/derive-issuers.ts";
import type { Secret } from "../../src/util/secret.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import type { ChargeHow, IssuerSubject } from "./issuer-subject.ts";

/** One issuer of a sandbox, with Cloudflare as the payee and Neon as another seller. */
export async function openSandboxSubject<K extends keyof SandboxIssuers>(
  id: K,
): Promise<{
  readonly harness: SandboxHarness;
  readonly part: SandboxIssuers[K];
  /** A seller takes money by its own Stripe account. */
  charge(minor: bigint, means: Readonly<Record<string, string>>, how?: ChargeHow): Promise<boolean>;
  chargeCard(credential: Secret, minor: bigint, how?: ChargeHow): Promise<boolean>;
  readonly sellers: Readonly<Record<"payee" | "another", string>>;
  readonly subject: Pick<
    IssuerSubject,
    "payee" | "otherPayee" | "currency" | "count" | "advance" | "close"
  >;
}> {
  const harness = await startHarness();
  const { issuers, providers, controlUrl } = harness.connection;
  const sellers = { payee: "cloudflare", another: "neon" } as const;
  const [provider, other] = [providers[sellers.payee], providers[sellers.another]];
  if (provider === undefined || other === undefined)
    throw new Error("the sandbox has no such provider");
  const keys = {
    payee: await harness.sellerKey(sellers.payee),
    another: await harness.sellerKey(sellers.another),
  };
  const charge = async (
    minor: bigint,
    means: Readonly<Record<string, string>>,
    { currency = "USD", seller = "payee" }: ChargeHow = {},
  ): Promise<boolean> => {
    const response = await fetch(`${controlUrl}/v1/payment_intents`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${keys[seller]}`,
        "Stripe-Version": issuers.stripe.apiVersion,
      },
      body: new URLSearchParams({
        amount: minor.toString(),
        currency: currency.toLowerCase(),
        confirm: "true",
        ...means,
      }),
    });
    return response.ok;
  };
  return {
    harness,
    part: issuers[id],
    charge,
    sellers,
    chargeCard: (credential, minor, how) => {
      const card = JSON.parse(credential.reveal()) as Readonly<Record<string, string | number>>;
      const fields = Object.entries(card).map(([name, value]) => [
        `payment_method_data[card][${name}]`,
        String(value),
      ]);
      const means = { "payment_method_data[type]": "card", ...Object.fromEntries(fields) };
      return charge(minor, means, how);
    },
    subject: {
      payee: provider.payees[id] ?? provider.sellerProfile,
      otherPayee: other.payees[id] ?? other.sellerProfile,
      currency: "USD",
      count: async () =>
        (await harness.books()).paymentTokens.filter(({ issuer }) => issuer === id).length,
      advance: harness.advance,
      close: harness.close,
    },
  };
}
