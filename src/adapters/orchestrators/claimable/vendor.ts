import type { AccountRequest } from "../contract.ts";
import type { Unclaimed } from "../request-once.ts";

/** What a vendor said instead of an account; only `refused` is certain. */
export interface VendorFailure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}

/** One vendor of claimable accounts. */
export interface ClaimableVendor {
  /** As in the catalogue, lower case. */
  readonly id: string;
  /** How long something lives that nobody claims, in milliseconds. */
  readonly lifeMs: number;
  /** The vendor answers a repeated request with the same account, so that a lost answer is asked for again. */
  readonly isRepeatable: boolean;
  isHealthy(): Promise<boolean>;
  make(request: AccountRequest): Promise<Unclaimed | VendorFailure>;
}
