import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import { HANDLERS } from "../handle-request.ts";
import type { LeaseKind } from "../protocol.ts";
import { type LeaseNode, listLeaseNodes } from "./lease-tree.ts";

export interface RotationReport {
  /** Have another credential now; the old one is dead, or on the list of what is still to be revoked. */
  readonly rotated: readonly LeaseNode[];
  readonly failed: readonly { readonly node: LeaseNode; readonly failure: BrokerFailure }[];
  /** Without a credential of their own. */
  readonly untouched: readonly LeaseNode[];
}

/** The session first: the others are made through it. */
const ORDER: readonly LeaseKind[] = [
  "account",
  "access-token",
  "payment-token",
  "service-instance",
  "secret",
];

/** Replaces credentials, and brings revoked leases back to life; who may do that is the caller's to check. A freeze stops it. */
export async function rotateLeases(
  context: BrokerContext,
  wanted: readonly LeaseNode[],
): Promise<RotationReport | BrokerFailure> {
  const providers = new Set(wanted.map(({ provider }) => provider));
  const freeze = (await context.ledger.freezes()).find(
    ({ scope }) => scope === "all" || providers.has(scope),
  );
  if (freeze !== undefined) return fail("frozen", { scope: freeze.scope });
  const before = listLeaseNodes(await context.ledger.openLeases());
  const ids = new Set(wanted.map(({ id }) => id));
  // A session lives in its account's lease.
  for (const { id, kind, parent } of before)
    if (kind === "account" && ids.has(parent ?? "")) ids.add(id);
  const leases = (await context.ledger.openLeases()).filter(
    ({ id, state }) => ids.has(id) && (state === "live" || state === "revoked"),
  );
  const rotatable = leases.filter(
    ({ kind, revocability }) =>
      HANDLERS[kind].rotate !== undefined &&
      (kind !== "service-instance" || revocability !== "never"),
  );
  const failures = new Map<string, BrokerFailure>();
  for (const kind of ORDER) {
    for (const { id, identity } of rotatable.filter((one) => one.kind === kind)) {
      const { project, stack, resource } = identity;
      const failure = await context.exclusively(
        `lease/${project}/${stack}/${kind}/${resource}`,
        async () => {
          const lease = await context.ledger.lease(id);
          return lease === undefined ? undefined : HANDLERS[kind].rotate?.(context, lease);
        },
      );
      if (failure !== undefined) failures.set(id, failure);
    }
  }
  const after = listLeaseNodes(await context.ledger.openLeases());
  const done = new Set(rotatable.map(({ id }) => id));
  const touched = after.filter(({ id }) => done.has(id));
  return {
    rotated: touched.filter(({ id }) => !failures.has(id)),
    failed: touched.flatMap((node) => {
      const failure = failures.get(node.id);
      return failure === undefined ? [] : [{ node, failure }];
    }),
    untouched: wanted.filter(({ id, kind }) => kind !== "session" && !done.has(id)),
  };
}
