import type { Collection, SandboxStore } from "../context.ts";

/** An account of the organisation. Collection `aws-accounts`, by id. */
export interface AwsAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly joinedMethod: "CREATED" | "INVITED";
  readonly state: "ACTIVE" | "SUSPENDED";
  /** Milliseconds. */
  readonly joinedAt: number;
  /** Its role is there from the second try on, as on a slow day. */
  readonly isRoleTried: boolean;
}

/** A request to make one. Collection `aws-create-requests`, by id. */
export interface AwsCreateRequest {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly tags: AwsAccount["tags"];
  readonly state: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  readonly failureReason: string | undefined;
  readonly accountId: string | undefined;
  /** Looks at it so far: it is done at the second one. */
  readonly looks: number;
  readonly requestedAt: number;
}

/** A session of a role, without its value. Collection `aws-sessions`, by SHA-256 of its token. */
export interface AwsSession {
  readonly accountId: string;
  readonly tokenHash: string;
  /** Milliseconds. */
  readonly expiresAt: number;
  /** What its policy leaves of the role's rights, as given. */
  readonly policy: string;
}

export function awsAccounts(store: SandboxStore): Collection<AwsAccount> {
  return store.collection<AwsAccount>("aws-accounts");
}

export function awsCreateRequests(store: SandboxStore): Collection<AwsCreateRequest> {
  return store.collection<AwsCreateRequest>("aws-create-requests");
}

export function awsSessions(store: SandboxStore): Collection<AwsSession> {
  return store.collection<AwsSession>("aws-sessions");
}
