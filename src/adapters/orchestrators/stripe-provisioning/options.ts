import type { Fetch } from "../../../util/fetch-json.ts";
import type { Money } from "../../../util/money.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AdapterVault } from "../vault.ts";

export interface StripeProvisioningOptions {
  /** Manifest id, default `stripe-provisioning`. */
  readonly id?: string | undefined;
  /** Default `https://api.stripe.com`. */
  readonly url?: string | undefined;
  /** The platform's secret or restricted key. */
  readonly secretKey: Secret;
  /** The preview that is spoken, default `2026-09-30.preview`. */
  readonly version?: string | undefined;
  /** The connected account that owns connections and resources. */
  readonly connectedAccount: string;
  /** In the catalogue's words. */
  readonly provider: string;
  /** The free plan whose resource reveals the credential for the provider's own API. Without one the session has none. */
  readonly plan?: string | undefined;
  /** At most this a month is charged at the provider; set before the first paid resource, and lowered where it is higher. */
  readonly limit: Money;
  readonly vault: AdapterVault;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}
