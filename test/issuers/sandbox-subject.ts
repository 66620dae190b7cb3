import type { SandboxIssuers } from "../../src/sandbox/issuer/derive-issuers.ts";
import type { Secret } from "../../src/util/secret.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import type { IssuerSubject } from "./issuer-subject.ts";

/** One issuer of a sandbox, and Cloudflare as the payee. */
export async function openSandboxSubject<K extends keyof SandboxIssuers>(
  id: K,
): Promise<{
  readonly harness: SandboxHarness;
  readonly part: SandboxIssuers[K];
  /** Cloudflare takes US dollars by its own Stripe account. */
  charge(minor: bigint, means: Readonly<Record<string, string>>): Promise<boolean>;
  chargeCard(credential: Secret, minor: bigint): Promise<boolean>;
  readonly subject: Pick<IssuerSubject, "payee" | "currency" | "count" | "advance" | "close">;
}> {
  const harness = await startHarness();
  const { issuers, providers, controlUrl } = harness.connection;
  const provider = providers.cloudflare;
  if (provider === undefined) throw new Error("the sandbox has no such provider");
  const seller = await harness.sellerKey("cloudflare");
  const charge = async (
    minor: bigint,
    means: Readonly<Record<string, string>>,
  ): Promise<boolean> => {
    const response = await fetch(`${controlUrl}/v1/payment_intents`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${seller}`,
        "Stripe-Version": issuers.stripe.apiVersion,
      },
      body: new URLSearchParams({
        amount: minor.toString(),
        currency: "usd",
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
    chargeCard: (credential, minor) => {
      const card = JSON.parse(credential.reveal()) as Readonly<Record<string, string | number>>;
      const fields = Object.entries(card).map(([name, value]) => [
        `payment_method_data[card][${name}]`,
        String(value),
      ]);
      return charge(minor, { "payment_method_data[type]": "card", ...Object.fromEntries(fields) });
    },
    subject: {
      payee: provider.payees[id] ?? provider.sellerProfile,
      currency: "USD",
      count: async () =>
        (await harness.books()).paymentTokens.filter(({ issuer }) => issuer === id).length,
      advance: harness.advance,
      close: harness.close,
    },
  };
}
