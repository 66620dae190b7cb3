import type { DatabaseSync } from "node:sqlite";
import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import type { Lease, LeaseState, LeaseWrite, Revocability, Revocation } from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** The leases' rows with their sealed secrets. Writes MUST be inside the ledger's write section. */
export interface LeaseTable {
  get(id: string): Lease | undefined;
  latest(identity: Identity, kind: LeaseKind): Lease | undefined;
  open(): readonly Lease[];
  byNatural(kind: LeaseKind, provider: string, natural: string): readonly Lease[];
  below(parent: string, kind: LeaseKind): readonly Lease[];
  /** Writes a lease. Closing it forgets its secrets. */
  put(lease: LeaseWrite, now: number): void;
  secrets(lease: string): Readonly<Record<string, string>>;
  putSecrets(lease: string, secrets: Readonly<Record<string, string>>): void;
  revocations(): readonly Revocation[];
  addRevocation(revocation: Omit<Revocation, "id">, now: number): void;
  finishRevocation(id: number, now: number): void;
}

export function openLeaseTable(database: DatabaseSync): LeaseTable {
  const byId = database.prepare("SELECT * FROM leases WHERE id = ?");
  const latest = database.prepare(
    "SELECT * FROM leases WHERE project = ? AND stack = ? AND resource = ? AND kind = ? ORDER BY generation DESC LIMIT 1",
  );
  const open = database.prepare(
    "SELECT * FROM leases WHERE state <> 'closed' ORDER BY created_at, rowid",
  );
  const byNatural = database.prepare(
    "SELECT * FROM leases WHERE kind = ? AND provider = ? AND natural_id = ? ORDER BY created_at, rowid",
  );
  const below = database.prepare(
    "SELECT * FROM leases WHERE parent = ? AND kind = ? ORDER BY created_at, rowid",
  );
  const put = database.prepare(
    `INSERT INTO leases (id, project, stack, resource, kind, generation, provider, parent, state, revocability, natural_id, intent, inputs, outputs, notes, expires_at, created_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, state = excluded.state, revocability = excluded.revocability, natural_id = excluded.natural_id,
       inputs = excluded.inputs, outputs = excluded.outputs, notes = excluded.notes, expires_at = excluded.expires_at, changed_at = excluded.changed_at`,
  );
  const secrets = database.prepare("SELECT name, sealed FROM secrets WHERE lease = ?");
  const forget = database.prepare("DELETE FROM secrets WHERE lease = ?");
  const addSecret = database.prepare("INSERT INTO secrets (lease, name, sealed) VALUES (?, ?, ?)");
  const revocations = database.prepare(
    "SELECT id, lease, kind, sealed FROM revocations WHERE done_at IS NULL ORDER BY id",
  );
  const addRevocation = database.prepare(
    "INSERT INTO revocations (lease, kind, sealed, at) VALUES (?, ?, ?, ?)",
  );
  const finish = database.prepare("UPDATE revocations SET done_at = ?, sealed = NULL WHERE id = ?");
  return {
    get(id) {
      const row = byId.get(id);
      return row === undefined ? undefined : readLease(row);
    },
    latest({ project, stack, resource }, kind) {
      const row = latest.get(project, stack, resource, kind);
      return row === undefined ? undefined : readLease(row);
    },
    open: () => open.all().map(readLease),
    byNatural: (kind, provider, natural) => byNatural.all(kind, provider, natural).map(readLease),
    below: (parent, kind) => below.all(parent, kind).map(readLease),
    put(lease, now) {
      const { project, stack, resource } = lease.identity;
      const { id, kind, generation, provider, state, revocability, natural, intent } = lease;
      put.run(
        ...[id, project, stack, resource, kind, generation, provider, lease.parent ?? null],
        ...[state, revocability, natural, intent, canonicalJson(lease.inputs)],
        ...[canonicalJson(lease.outputs), canonicalJson(lease.notes), lease.expiresAt ?? null],
        ...[now, now],
      );
      if (state === "closed") forget.run(id);
    },
    secrets: (lease) =>
      Object.fromEntries(secrets.all(lease).map((row) => [String(row.name), String(row.sealed)])),
    putSecrets(lease, values) {
      forget.run(lease);
      for (const [name, sealed] of Object.entries(values)) addSecret.run(lease, name, sealed);
    },
    revocations: () =>
      revocations.all().map((row) => ({
        id: Number(row.id),
        lease: String(row.lease),
        kind: String(row.kind) as Revocation["kind"],
        sealed: String(row.sealed),
      })),
    addRevocation: ({ lease, kind, sealed }, now) => {
      addRevocation.run(lease, kind, sealed, now);
    },
    finishRevocation: (id, now) => {
      finish.run(now, id);
    },
  };
}

function readLease(row: Row): Lease {
  const text = (name: string): string => String(row[name]);
  return {
    id: text("id"),
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
