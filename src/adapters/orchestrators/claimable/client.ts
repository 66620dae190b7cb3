import { createAccountOnly } from "../account-only.ts";
import type { Orchestrator } from "../contract.ts";
import { requestOnce } from "../request-once.ts";
import type { AdapterVault } from "../vault.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { ClaimableVendor } from "./vendor.ts";

export interface ClaimableOptions {
  readonly vault: AdapterVault;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Accounts that come before their owner. Each has a deadline, which every list of leases shows, and a claim link, which is as good as the account. */
export function createClaimable(vendor: ClaimableVendor, options: ClaimableOptions): Orchestrator {
  return createAccountOnly({
    id: "claimable",
    capabilities: CAPABILITIES,
    isHealthy: () => vendor.isHealthy(),
    requestAccount: (request) =>
      requestOnce(
        {
          ...options,
          ...{ lifeMs: vendor.lifeMs, isRepeatable: vendor.isRepeatable },
          isKnown: request.accountId !== undefined,
        },
        `claimable/${vendor.id}/${request.requestId}`,
        () => vendor.make(request),
      ),
  });
}
