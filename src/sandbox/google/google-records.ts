import type { Collection, SandboxStore } from "../context.ts";

/** A project below the organisation's folder. Collection `google-projects`, by id. */
export interface GoogleProject {
  readonly projectId: string;
  /** Decimal digits. */
  readonly number: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly operation: string;
  /** Being made, it is nobody's to see; it is there at the second look. */
  readonly state: "CREATING" | "ACTIVE";
  readonly looks: number;
  /** `billingAccounts/...`, or empty. */
  readonly billingAccount: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** A token of the service account, without its value. Collection `google-tokens`, by its SHA-256. */
export interface GoogleToken {
  readonly tokenHash: string;
  readonly scope: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

export function googleProjects(store: SandboxStore): Collection<GoogleProject> {
  return store.collection<GoogleProject>("google-projects");
}

export function googleTokens(store: SandboxStore): Collection<GoogleToken> {
  return store.collection<GoogleToken>("google-tokens");
}
