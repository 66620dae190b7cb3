import type { AccountRequest, Orchestrator, OrchestratorCapabilities } from "../contract.ts";
import type { Unclaimed } from "../request-once.ts";

/** What a vendor said instead of an account; only `refused` is certain. */
export interface VendorFailure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}

/** What a vendor lets be done in an account that nobody has claimed. */
export type AccountMethods = Pick<
  Orchestrator,
  "createResource" | "readResource" | "removeResource" | "endSession" | "makeClaimLink"
>;

/** One vendor of claimable accounts. */
export interface ClaimableVendor {
  /** As in the catalogue, lower case. */
  readonly id: string;
  readonly capabilities: OrchestratorCapabilities;
  /** How long something lives that nobody claims, in milliseconds. */
  readonly lifeMs: number;
  /** The vendor answers a repeated request with the same account, so that a lost answer is asked for again. */
  readonly isRepeatable: boolean;
  isHealthy(): Promise<boolean>;
  make(request: AccountRequest): Promise<Unclaimed | VendorFailure>;
  /** True when the vendor said that the account's one credential will never work again; absent where it cannot be asked. */
  isGone?(token: string): Promise<boolean>;
  /** Absent where the account is all that is handed out. */
  readonly methods?: AccountMethods | undefined;
}
