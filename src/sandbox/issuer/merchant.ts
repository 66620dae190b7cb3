import { sha256 } from "../../util/sha256.ts";

/** How card networks and other payment partners know a provider that sells. The same in every sandbox. */
export interface Merchant {
  readonly merchantId: string;
  readonly acquirerId: string;
  /** Merchant category code, and Stripe's word for it. */
  readonly mcc: string;
  readonly category: string;
  /** PayPal's id of its account: 13 characters, none of which looks like another. */
  readonly paypalId: string;
}

export function deriveMerchant(provider: string): Merchant {
  return {
    merchantId: `M${sha256(`merchant:${provider}`).slice(0, 14).toUpperCase()}`,
    acquirerId: "ACQ001",
    mcc: "4816",
    category: "computer_network_services",
    paypalId: sha256(`paypal:${provider}`)
      .slice(0, 13)
      .toUpperCase()
      .replaceAll("0", "G")
      .replaceAll("1", "H"),
  };
}
