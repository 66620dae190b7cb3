import type { DatabaseSync } from "node:sqlite";
import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import type {
  CountName,
  Intent,
  IntentRequest,
  IntentState,
  IntentVerb,
  Waiting,
} from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** The journal's rows. Writes MUST be inside the ledger's write section. */
export interface IntentTable {
  get(key: string): Intent;
  latest(identity: Identity, kind: LeaseKind, verb: IntentVerb): Intent | undefined;
  open(): readonly Intent[];
  insert(request: IntentRequest, now: number): void;
  isStoppable(key: string): boolean;
  /** The count that the intent took. */
  counted(key: string): CountName | undefined;
  mark(key: string, now: number): void;
  wait(key: string, waiting: Waiting): void;
  answer(key: string, outcome: string): void;
  end(key: string, state: IntentState, now: number): void;
}

export function openIntentTable(database: DatabaseSync): IntentTable {
  const byKey = database.prepare("SELECT * FROM intents WHERE key = ?");
  const latest = database.prepare(
    "SELECT * FROM intents WHERE project = ? AND stack = ? AND resource = ? AND kind = ? AND verb = ? ORDER BY generation DESC LIMIT 1",
  );
  const open = database.prepare(
    "SELECT * FROM intents WHERE state IN ('recorded', 'dispatched', 'answered') ORDER BY recorded_at, key",
  );
  const insert = database.prepare(
    `INSERT INTO intents (key, project, stack, resource, kind, verb, generation, lease, provider, via, fingerprint, parameters, run, counted, stoppable, state, recorded_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'recorded', ?)`,
  );
  const mark = database.prepare(
    `UPDATE intents SET state = 'dispatched', waiting = 'unknown', attempts = attempts + 1, dispatched_at = COALESCE(dispatched_at, ?)
     WHERE key = ? AND state IN ('recorded', 'dispatched')`,
  );
  const wait = database.prepare(
    "UPDATE intents SET waiting = ? WHERE key = ? AND state = 'dispatched'",
  );
  const answer = database.prepare(
    "UPDATE intents SET state = 'answered', waiting = NULL, outcome = ? WHERE key = ? AND state = 'dispatched'",
  );
  const end = database.prepare(
    `UPDATE intents SET state = ?, waiting = NULL, outcome = NULL, settled_at = ?
     WHERE key = ? AND state IN ('recorded', 'dispatched', 'answered')`,
  );
  const expectOne = (changes: number | bigint): void => {
    if (Number(changes) !== 1) throw new Error("an intent is not in the state for this step");
  };
  return {
    get: (key) => readIntent(byKey.get(key) as Row),
    latest({ project, stack, resource }, kind, verb) {
      const row = latest.get(project, stack, resource, kind, verb);
      return row === undefined ? undefined : readIntent(row);
    },
    open: () => open.all().map(readIntent),
    insert(request, now) {
      const { project, stack, resource } = request.identity;
      const { key, kind, verb, generation, lease, provider, via, fingerprint } = request;
      insert.run(
        ...[key, project, stack, resource, kind, verb, generation, lease, provider, via],
        ...[fingerprint, canonicalJson(request.parameters), request.run, request.count ?? null],
        ...[request.stoppable ? 1 : 0, now],
      );
    },
    isStoppable: (key) => Number(byKey.get(key)?.stoppable) === 1,
    counted: (key) => (byKey.get(key)?.counted ?? undefined) as CountName | undefined,
    mark: (key, now) => expectOne(mark.run(now, key).changes),
    wait: (key, waiting) => expectOne(wait.run(waiting, key).changes),
    answer: (key, outcome) => expectOne(answer.run(outcome, key).changes),
    end: (key, state, now) => expectOne(end.run(state, now, key).changes),
  };
}

function readIntent(row: Row): Intent {
  const text = (name: string): string => String(row[name]);
  return {
    key: text("key"),
    identity: { project: text("project"), stack: text("stack"), resource: text("resource") },
    kind: text("kind") as LeaseKind,
    verb: text("verb") as IntentVerb,
    generation: Number(row.generation),
    lease: text("lease"),
    provider: text("provider"),
    via: text("via"),
    fingerprint: text("fingerprint"),
    parameters: JSON.parse(text("parameters")) as Readonly<Record<string, Json>>,
    state: text("state") as IntentState,
    waiting: (row.waiting ?? undefined) as Waiting | undefined,
    attempts: Number(row.attempts),
    recordedAt: Number(row.recorded_at),
    dispatchedAt: row.dispatched_at === null ? undefined : Number(row.dispatched_at),
    outcome: (row.outcome ?? undefined) as string | undefined,
  };
}
