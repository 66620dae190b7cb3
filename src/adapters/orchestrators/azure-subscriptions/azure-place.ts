import type { Fetch } from "../../../util/fetch-json.ts";
import type { Secret } from "../../../util/secret.ts";

/** How Azure is reached, as an application of the tenant, and who pays for its subscriptions. */
export interface AzurePlace {
  /** `https://login.microsoftonline.com` */
  readonly loginUrl: string;
  /** `https://management.azure.com` */
  readonly managementUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** `/providers/Microsoft.Billing/billingAccounts/.../invoiceSections/...`, or an enrolment account. */
  readonly billingScope: string;
  /** `/providers/Microsoft.Management/managementGroups/...`; default: the tenant's own. */
  readonly managementGroupId?: string | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** Why there is no result. Only `refused` is certain; `isAboutAsker`: whoever asks may not, or must not know. */
export interface AzureFailure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
  readonly isAboutAsker?: true | undefined;
}
