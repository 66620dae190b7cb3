import type { SandboxContext } from "../context.ts";

/** A project at Stripe. Collection `cli-projects`, by id. */
export interface ProjectRecord {
  readonly id: string;
  readonly name: string;
  /** E-mail address, lower case. */
  readonly person: string;
}

/** A project's link to a provider. Collection `cli-links`, by `project/provider`. */
export interface LinkRecord {
  /** Of the account request under way; another one after a no or an unlink. */
  readonly requestId: string;
  readonly accountId: string | null;
  /** Sealed `{accessToken, refreshToken}`; null while the project is not linked. */
  readonly sealedCredentials: string | null;
  readonly expiresAt: number;
  /** Of Stripe's own payment token for this provider. */
  readonly sealedPayment: string | null;
}

/** A resource that a project has. Collection `cli-resources`, by `project/name`. */
export interface RowRecord {
  readonly project: string;
  readonly name: string;
  readonly provider: string;
  readonly service: string;
  readonly kind: "deployable" | "plan";
  /** The provider's id of it. */
  readonly remoteId: string;
}

/** What Stripe's side of the played CLI keeps. */
export function openCliRecords({ store }: Pick<SandboxContext, "store">) {
  return {
    projects: store.collection<ProjectRecord>("cli-projects"),
    links: store.collection<LinkRecord>("cli-links"),
    rows: store.collection<RowRecord>("cli-resources"),
    /** Who accepted the terms, by e-mail address. */
    terms: store.collection<{ readonly isAccepted: true }>("cli-terms"),
  };
}

export type CliRecords = ReturnType<typeof openCliRecords>;
