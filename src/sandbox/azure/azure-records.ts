import type { Collection, SandboxStore } from "../context.ts";

/** A request to make a subscription, and what came of it. Collection `azure-aliases`, by its name. */
export interface AzureAlias {
  readonly alias: string;
  readonly displayName: string;
  readonly workload: string;
  readonly billingScope: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly subscriptionId: string;
  readonly state: "Accepted" | "Succeeded";
  /** Looks at it so far: it is done at the second one. */
  readonly looks: number;
  /** Its subscription is nobody's to see at the first look: rights take their time. */
  readonly isSeen: boolean;
}

/** A token of the application, without its value. Collection `azure-tokens`, by its SHA-256. */
export interface AzureToken {
  readonly tokenHash: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

export function azureAliases(store: SandboxStore): Collection<AzureAlias> {
  return store.collection<AzureAlias>("azure-aliases");
}

export function azureTokens(store: SandboxStore): Collection<AzureToken> {
  return store.collection<AzureToken>("azure-tokens");
}
