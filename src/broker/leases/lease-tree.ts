import { formatTime } from "../clock.ts";
import type { Lease, LeaseState, Revocability } from "../ledger/ledger.ts";
import type { Identity, LeaseKind } from "../protocol.ts";

/** What a node of the tree is: a lease of the ledger, or the session with a provider that an account hangs on. */
export type NodeKind = LeaseKind | "session";

/** One right that was handed out, ready for JSON. */
export interface LeaseNode {
  readonly id: string;
  /** `project/stack/provider/kind/resource`; a prefix of it, cut at a slash, names all leases below. */
  readonly path: string;
  readonly kind: NodeKind;
  readonly identity: Identity;
  readonly provider: string;
  readonly state: LeaseState;
  /**
   * What a revocation can do: `now` the provider ends it at once, `expires` we forget it and it dies by itself, `owner` we forget it and only whoever made it can end
   * it, `never` it's property, not a credential.
   */
  readonly revocability: Revocability | "owner";
  /** The node that it goes with when that one is revoked. */
  readonly parent?: string | undefined;
  /** RFC 3339. */
  readonly expiresAt?: string | undefined;
  /** RFC 3339; an account that nobody has claimed by then is gone. */
  readonly claimUntil?: string | undefined;
}

/**
 * The tree of what can be taken back, parents first: session with the provider -> account -> payment token, access token, domain, service instance.
 * A session has no row of its own: it lives and ends with its account's lease.
 */
export function listLeaseNodes(leases: readonly Lease[]): readonly LeaseNode[] {
  const accounts = leases.filter(({ kind }) => kind === "account");
  const others = leases.filter(({ kind }) => kind !== "account");
  return [
    ...accounts.flatMap((account) => [
      describeSession(account),
      describe(account, sessionId(account.id)),
      ...others.filter(({ parent }) => parent === account.id).map((one) => describe(one)),
    ]),
    ...others
      .filter(({ parent }) => !accounts.some(({ id }) => id === parent))
      .map((one) => describe(one)),
  ];
}

/** A node and everything that goes with it. */
export function collectBelow(nodes: readonly LeaseNode[], top: readonly LeaseNode[]): LeaseNode[] {
  const found = new Set(top.map(({ id }) => id));
  // Parents stand before their children.
  for (const { id, parent } of nodes) if (found.has(parent ?? "")) found.add(id);
  return nodes.filter(({ id }) => found.has(id));
}

/** The nodes that an id, a path or the beginning of one names. */
export function selectNodes(nodes: readonly LeaseNode[], query: string): readonly LeaseNode[] {
  const prefix = query.replace(/\/+$/, "");
  return nodes.filter(
    ({ id, path }) => id === query || path === prefix || path.startsWith(`${prefix}/`),
  );
}

function sessionId(account: string): string {
  return account.replace(/^[a-z]+_/, "session_");
}

function describeSession(account: Lease): LeaseNode {
  const { identity, provider, state, notes } = account;
  return {
    id: sessionId(account.id),
    path: pathOf(identity, provider, "session"),
    kind: "session",
    ...{ identity, provider, state },
    ...describeEnd(notes),
  };
}

function describeEnd({
  sessionExpiresAt,
  sessionLivesOn,
  endsSessions,
}: Lease["notes"]): Pick<LeaseNode, "revocability" | "expiresAt"> {
  if (sessionLivesOn === true) return { revocability: "owner" };
  const expiresAt = typeof sessionExpiresAt === "string" ? sessionExpiresAt : undefined;
  return { revocability: endsSessions === true ? "now" : "expires", expiresAt };
}

function describe(lease: Lease, parent = lease.parent): LeaseNode {
  const { id, identity, kind, provider, state, revocability, expiresAt, notes } = lease;
  return {
    ...{ id, path: pathOf(identity, provider, kind), kind, identity, provider, state },
    ...{ revocability, parent },
    expiresAt: expiresAt === undefined ? undefined : formatTime(expiresAt),
    claimUntil: typeof notes.claimUntil === "string" ? notes.claimUntil : undefined,
  };
}

function pathOf({ project, stack, resource }: Identity, provider: string, kind: NodeKind): string {
  return [project, stack, provider, kind, resource].join("/");
}
