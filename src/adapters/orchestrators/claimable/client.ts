import { createAccountOnly } from "../account-only.ts";
import type { Orchestrator } from "../contract.ts";
import { requestOnce } from "../request-once.ts";
import type { AdapterVault } from "../vault.ts";
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
    capabilities: vendor.capabilities,
    isHealthy: () => vendor.isHealthy(),
    async requestAccount(request) {
      const isKnown = request.accountId !== undefined;
      const answer = await requestOnce(
        { ...options, lifeMs: vendor.lifeMs, isRepeatable: vendor.isRepeatable, isKnown },
        `claimable/${vendor.id}/${request.requestId}`,
        () => vendor.make(request),
      );
      if (answer.kind !== "connected" || !isKnown) return answer;
      // There is no other credential than the first one, which may be dead before the deadline: claimed, revoked or deleted.
      const isGone = await vendor.isGone?.(answer.credentials.accessToken.reveal());
      return isGone === true ? { kind: "refused", code: "claim_expired" } : answer;
    },
    ...vendor.methods,
  });
}
