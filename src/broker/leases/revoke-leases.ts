import { leaseEvent } from "../act.ts";
import { retryRevocations } from "../acts/revocations.ts";
import type { BrokerContext } from "../context.ts";
import type { BrokerErrorCode } from "../errors.ts";
import { HANDLERS } from "../handle-request.ts";
import type { Lease } from "../ledger/ledger.ts";
import type { LeaseKind } from "../protocol.ts";
import { collectBelow, type LeaseNode, listLeaseNodes } from "./lease-tree.ts";

/** What became of each lease that was to be taken back. */
export interface RevocationReport {
  /** Dead now. */
  readonly revoked: readonly LeaseNode[];
  /** Handed out no more, but not confirmed dead outside; tried again with every later run. */
  readonly unconfirmed: readonly { readonly node: LeaseNode; readonly code: BrokerErrorCode }[];
  /** No credentials: property and data, which revoking leaves alone. */
  readonly untouched: readonly LeaseNode[];
}

/** How many revocations are under way at once: providers limit the rate (Stripe 25 requests a second on the sandbox, https://docs.stripe.com/rate-limits). */
const PARALLEL = 16;

/** Money first, then tokens, then services, then the session they all need (protocol of the kill switch). */
const ORDER: readonly (readonly LeaseKind[])[] = [
  ["payment-token"],
  ["access-token"],
  ["service-instance"],
];

/**
 * Takes rights back, with everything that hangs on them. First every lease is marked, so that nothing is handed out any more whatever follows;
 * then the credentials die outside. Taking power away needs no permission, and a freeze doesn't stop it.
 */
export async function revokeLeases(
  context: BrokerContext,
  top: readonly LeaseNode[],
): Promise<RevocationReport> {
  const nodes = collectWithSessions(await readNodes(context), top);
  const revocable = await orderRevocation(context, nodes);
  await context.ledger.exportLog();
  return report(context, nodes, revocable, await finishRevocations(context));
}

/** Ends what is still being revoked, in its order; what can't be confirmed stays on the list. */
export async function finishRevocations(
  context: BrokerContext,
): Promise<ReadonlyMap<string, BrokerErrorCode>> {
  const failures = new Map<string, BrokerErrorCode>();
  for (const kinds of ORDER) {
    const leases = await listRevoking(context, kinds);
    await forEachParallel(leases, async (lease) => {
      const failure = await revokeOne(context, lease);
      if (failure !== undefined) failures.set(lease.id, failure);
    });
  }
  await retryRevocations(context);
  for (const account of await listRevoking(context, ["account"]))
    await endSession(context, account);
  return failures;
}

async function readNodes(context: BrokerContext): Promise<readonly LeaseNode[]> {
  return listLeaseNodes(await context.ledger.openLeases());
}

/** A session ends with its account, so it is told of with it, also where only the account was named. */
function collectWithSessions(
  all: readonly LeaseNode[],
  top: readonly LeaseNode[],
): readonly LeaseNode[] {
  const below = collectBelow(all, top);
  const ids = new Set(below.map(({ id }) => id));
  for (const { kind, parent } of below)
    if (kind === "account" && parent !== undefined) ids.add(parent);
  return all.filter(({ id }) => ids.has(id));
}

/** Marks what is to be revoked. Answers with the ids of all that can be. */
async function orderRevocation(
  context: BrokerContext,
  nodes: readonly LeaseNode[],
): Promise<ReadonlySet<string>> {
  const ids = new Set(nodes.map(({ id }) => id));
  const sessions = new Set(
    nodes.filter(({ kind }) => kind === "account").map(({ parent }) => parent),
  );
  const revocable = (await context.ledger.openLeases()).filter(
    ({ id, kind, revocability }) =>
      ids.has(id) &&
      HANDLERS[kind].revoke !== undefined &&
      (revocability !== "never" || kind === "account"),
  );
  const unmarked = revocable.filter(({ state }) => state !== "revoking" && state !== "revoked");
  // All at once: marks that are asked for together share a sync of the disk.
  await Promise.all(
    unmarked.map((lease) => {
      const next = { ...lease, state: "revoking" } as const;
      const events = [leaseEvent(context, next, "revocation-ordered")];
      return context.ledger.change({ lease: next, events });
    }),
  );
  const marked = revocable.map(({ id }) => id);
  return new Set([...marked, ...[...sessions].filter((id) => id !== undefined)]);
}

async function listRevoking(
  context: BrokerContext,
  kinds: readonly LeaseKind[],
): Promise<readonly Lease[]> {
  const open = await context.ledger.openLeases();
  return open.filter(({ kind, state }) => state === "revoking" && kinds.includes(kind));
}

async function revokeOne(
  context: BrokerContext,
  { id, kind, identity }: Lease,
): Promise<BrokerErrorCode | undefined> {
  const { project, stack, resource } = identity;
  return context.exclusively(`lease/${project}/${stack}/${kind}/${resource}`, async () => {
    const lease = await context.ledger.lease(id);
    if (lease?.state !== "revoking") return undefined;
    const failure = await HANDLERS[kind].revoke?.(context, lease);
    if (failure === undefined) return undefined;
    const event = leaseEvent(context, lease, "revocation-unconfirmed");
    await context.ledger.note([{ ...event, code: failure.code }]);
    return failure.code;
  });
}

/** The session ends last: whatever could not be revoked yet needs it for another try. */
async function endSession(context: BrokerContext, account: Lease): Promise<void> {
  const open = await context.ledger.openLeases();
  if (open.some(({ parent, state }) => parent === account.id && state === "revoking")) return;
  const replaced = await Promise.all(
    (await context.ledger.revocations()).map(({ lease }) => context.ledger.lease(lease)),
  );
  if (replaced.some((lease) => lease?.parent === account.id)) return;
  await HANDLERS.account.revoke?.(context, account);
}

async function report(
  context: BrokerContext,
  before: readonly LeaseNode[],
  revocable: ReadonlySet<string>,
  failures: ReadonlyMap<string, BrokerErrorCode>,
): Promise<RevocationReport> {
  const after = new Map((await readNodes(context)).map((node) => [node.id, node]));
  const now = before.map((node) => after.get(node.id) ?? { ...node, state: "closed" as const });
  return {
    revoked: now.filter(({ id, state }) => revocable.has(id) && state !== "revoking"),
    unconfirmed: now
      .filter(({ id, state }) => revocable.has(id) && state === "revoking")
      .map((node) => ({ node, code: failures.get(node.id) ?? "not_revoked" })),
    untouched: now.filter(({ id }) => !revocable.has(id)),
  };
}

async function forEachParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, rest.length) }, worker));
}
