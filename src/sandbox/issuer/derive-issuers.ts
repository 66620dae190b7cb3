import type { Keyring } from "../keyring.ts";
import type { BraintreeAccount } from "./braintree-surface.ts";
import { deriveMerchant } from "./merchant.ts";
import type { PaypalAccount } from "./paypal-session.ts";

/** Keys and addresses of the payment partners that the sandbox plays, as their adapters want them. Holds secrets. */
export interface SandboxIssuers {
  readonly stripe: {
    /** Scheme, host and port; `/v1/...` hangs below. */
    readonly apiUrl: string;
    readonly secretKey: string;
    /** For `Stripe-Version`. */
    readonly apiVersion: string;
    readonly paymentMethod: string;
  };
  readonly "stripe-issuing": {
    readonly apiUrl: string;
    readonly secretKey: string;
    readonly cardholder: string;
  };
  readonly adyen: {
    readonly apiUrl: string;
    readonly apiKey: string;
    readonly balanceAccountId: string;
    readonly issuingCountryCode: string;
    readonly brand: string;
    readonly brandVariant: string;
    readonly cardholderName: string;
  };
  readonly braintree: BraintreeAccount & { readonly apiUrl: string };
  readonly paypal: PaypalAccount & { readonly apiUrl: string };
  readonly invoice: { readonly reference: string };
}

/** The partners of this home; the same after every restart. */
export function deriveIssuers(
  keyring: Keyring,
  controlUrl: string,
  stripeSecretKey: string,
  providers: readonly string[],
): SandboxIssuers {
  const stripe = { apiUrl: controlUrl, secretKey: stripeSecretKey };
  return {
    stripe: { ...stripe, apiVersion: "2026-09-30.preview", paymentMethod: "pm_card_visa" },
    "stripe-issuing": { ...stripe, cardholder: `ich_1${keyring.deriveId("cardholder", 20)}` },
    adyen: {
      apiUrl: controlUrl,
      apiKey: keyring.deriveSecret("adyen-api-key", "AQE"),
      balanceAccountId: `BA${keyring.deriveId("balance-account", 22).toUpperCase()}`,
      issuingCountryCode: "US",
      brand: "visa",
      brandVariant: "visaprepaid",
      cardholderName: "Sandbox",
    },
    braintree: {
      apiUrl: controlUrl,
      merchantId: keyring.deriveId("braintree-merchant", 16),
      publicKey: keyring.deriveId("braintree-public", 16),
      privateKey: keyring.deriveSecret("braintree-private-key", ""),
      customerId: keyring.deriveId("braintree-customer", 12),
      paymentMethod: `pm${keyring.deriveId("braintree-method", 8)}`,
      recipients: Object.fromEntries(
        providers.map((provider) => {
          const merchant = keyring.deriveId(`braintree:${provider}`, 16);
          const prefix = `access_token$sandbox$${merchant}$`;
          return [provider, keyring.deriveSecret(`braintree-access:${provider}`, prefix)];
        }),
      ),
    },
    paypal: {
      apiUrl: controlUrl,
      clientId: `A${keyring.deriveId("paypal-client", 60)}`,
      clientSecret: keyring.deriveSecret("paypal-client-secret", "E"),
      agreements: Object.fromEntries(
        providers.map((provider) => [
          deriveMerchant(provider).paypalId,
          `B-${keyring.deriveId(`paypal-agreement:${provider}`, 17).toUpperCase()}`,
        ]),
      ),
    },
    invoice: { reference: `ORG-${keyring.deriveId("organisation", 12)}` },
  };
}

/** What the partners call a provider that have another name for it than Stripe's profile. */
export function derivePayees(provider: string): Readonly<Record<string, string>> {
  const { merchantId, acquirerId, category, paypalId } = deriveMerchant(provider);
  return {
    adyen: `${merchantId}@${acquirerId}`,
    "stripe-issuing": category,
    braintree: provider,
    paypal: paypalId,
  };
}
