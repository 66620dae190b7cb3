import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import type { Lease, LeaseState, LeaseWrite, Revocability, Revocation } from "./ledger.ts";
import type { Changes, Row } from "./tables.ts";

interface KeptLease extends Lease {
  /** In the order of creation. */
  readonly ordinal: number;
}

/** The leases in memory, with their sealed secrets; every change is also a row of `changes`. */
export interface LeaseBook {
  get(id: string): Lease | undefined;
  latest(identity: Identity, kind: LeaseKind): Lease | undefined;
  open(): readonly Lease[];
  byNatural(kind: LeaseKind, provider: string, natural: string): readonly Lease[];
  below(parent: string, kind: LeaseKind): readonly Lease[];
  /** Writes a lease. Closing it forgets its secrets. */
  put(changes: Changes, lease: LeaseWrite, now: number): void;
  secrets(lease: string): Readonly<Record<string, string>>;
  putSecrets(changes: Changes, lease: string, secrets: Readonly<Record<string, string>>): void;
  revocations(): readonly Revocation[];
  addRevocation(changes: Changes, revocation: Omit<Revocation, "id">, now: number): void;
  finishRevocation(changes: Changes, id: number, now: number): void;
}

export function openLeaseBook(stored: {
  readonly leases: readonly Row[];
  readonly secrets: readonly Row[];
  readonly revocations: readonly Row[];
  readonly lastRevocation: number;
}): LeaseBook {
  const leases = new Map<string, KeptLease>();
  // Looking one up costs the same however many there are; each index keeps the order of creation.
  const openOnes = createIndex();
  const byIdentity = createIndex();
  const byNatural = createIndex();
  const byParent = createIndex();
  for (const row of stored.leases) keep(readLease(row));
  const secrets = new Map(stored.secrets.map((row) => [String(row.lease), String(row.sealed)]));
  const revocations = new Map(
    stored.revocations.map((row) => [Number(row.id), { row, revocation: readRevocation(row) }]),
  );
  let lastRevocation = stored.lastRevocation;

  function keep(lease: KeptLease): void {
    leases.set(lease.id, lease);
    const { kind, provider, natural, parent, identity, state } = lease;
    openOnes.move(lease, state === "closed" ? undefined : "");
    byIdentity.move(lease, nameOf(identity, kind));
    byNatural.move(lease, JSON.stringify([kind, provider, natural]));
    byParent.move(lease, JSON.stringify([parent, kind]));
  }

  const book: LeaseBook = {
    get: (id) => leases.get(id),
    latest: (identity, kind) =>
      byIdentity
        .list(nameOf(identity, kind))
        .reduce<Lease | undefined>(
          (last, one) => (last !== undefined && last.generation > one.generation ? last : one),
          undefined,
        ),
    open: () => openOnes.list(""),
    byNatural: (kind, provider, natural) =>
      byNatural.list(JSON.stringify([kind, provider, natural])),
    below: (parent, kind) => byParent.list(JSON.stringify([parent, kind])),
    put(changes, lease, now) {
      const before = leases.get(lease.id);
      const kept: KeptLease = {
        ...lease,
        createdAt: before?.createdAt ?? now,
        ordinal: before?.ordinal ?? leases.size + 1,
      };
      keep(kept);
      changes.put("leases", writeLease(kept, now));
      if (lease.state === "closed" && secrets.has(lease.id)) book.putSecrets(changes, lease.id, {});
    },
    secrets: (lease) => JSON.parse(secrets.get(lease) ?? "{}") as Readonly<Record<string, string>>,
    putSecrets(changes, lease, values) {
      const sealed = canonicalJson(values);
      secrets.set(lease, sealed);
      changes.put("secrets", { lease, sealed });
    },
    revocations: () => [...revocations.values()].map(({ revocation }) => revocation),
    addRevocation(changes, { lease, kind, sealed }, now) {
      lastRevocation += 1;
      const row = { id: lastRevocation, lease, kind, sealed, at: now, done_at: null };
      revocations.set(row.id, { row, revocation: { id: row.id, lease, kind, sealed } });
      changes.put("revocations", row);
    },
    finishRevocation(changes, id, now) {
      const one = revocations.get(id);
      if (one === undefined) return;
      revocations.delete(id);
      changes.put("revocations", { ...one.row, sealed: null, done_at: now });
    },
  };
  return book;
}

function nameOf({ project, stack, resource }: Identity, kind: LeaseKind): string {
  return JSON.stringify([project, stack, resource, kind]);
}

/** Leases by a name that may change. */
function createIndex() {
  const names = new Map<string, string>();
  const groups = new Map<string, Map<string, KeptLease>>();
  return {
    /** Puts a lease under a name, and away from the one it had. */
    move(lease: KeptLease, name: string | undefined): void {
      const former = names.get(lease.id);
      if (former !== undefined && former !== name) groups.get(former)?.delete(lease.id);
      if (name === undefined) {
        names.delete(lease.id);
        return;
      }
      names.set(lease.id, name);
      const group = groups.get(name) ?? new Map<string, KeptLease>();
      groups.set(name, group);
      group.set(lease.id, lease);
    },
    /** Oldest first. */
    list: (name: string): readonly Lease[] =>
      [...(groups.get(name)?.values() ?? [])].toSorted((a, b) => a.ordinal - b.ordinal),
  };
}

function readRevocation(row: Row): Revocation {
  return {
    id: Number(row.id),
    lease: String(row.lease),
    kind: String(row.kind) as Revocation["kind"],
    sealed: String(row.sealed),
  };
}

function writeLease(lease: KeptLease, now: number): Row {
  return {
    id: lease.id,
    ordinal: lease.ordinal,
    ...lease.identity,
    kind: lease.kind,
    generation: lease.generation,
    provider: lease.provider,
    parent: lease.parent ?? null,
    state: lease.state,
    revocability: lease.revocability,
    natural_id: lease.natural,
    intent: lease.intent,
    inputs: canonicalJson(lease.inputs),
    outputs: canonicalJson(lease.outputs),
    notes: canonicalJson(lease.notes),
    expires_at: lease.expiresAt ?? null,
    created_at: lease.createdAt,
    changed_at: now,
  };
}

function readLease(row: Row): KeptLease {
  const text = (name: string): string => String(row[name]);
  return {
    id: text("id"),
    ordinal: Number(row.ordinal),
    identity: { project: text("project"), stack: text("stack"), resource: text("resource") },
    kind: text("kind") as LeaseKind,
    generation: Number(row.generation),
    provider: text("provider"),
    parent: (row.parent ?? undefined) as string | undefined,
    state: text("state") as LeaseState,
    revocability: text("revocability") as Revocability,
    natural: text("natural_id"),
    intent: text("intent"),
    inputs: JSON.parse(text("inputs")) as Json,
    outputs: JSON.parse(text("outputs")) as Json,
    notes: JSON.parse(text("notes")) as Readonly<Record<string, Json>>,
    expiresAt: row.expires_at === null ? undefined : Number(row.expires_at),
    createdAt: Number(row.created_at),
  };
}
