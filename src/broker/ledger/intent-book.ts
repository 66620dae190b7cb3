import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import {
  type CountName,
  type Intent,
  type IntentRequest,
  type IntentState,
  type IntentVerb,
  QUEUED_UNTIL,
  type Waiting,
} from "./ledger.ts";
import type { Changes, Row } from "./tables.ts";

/** Parameter of an intent that was sent again, when it was sent last: until a while after that it may still arrive. */
export const SENT_AGAIN_AT = "sentAgainAt";

/** An intent with what only the ledger needs of it. */
interface KeptIntent extends Intent {
  readonly run: string;
  readonly counted: CountName | undefined;
  readonly stoppable: boolean;
  readonly settledAt: number | undefined;
}

const OPEN: ReadonlySet<IntentState> = new Set(["recorded", "dispatched", "answered"]);

/** The journal in memory; every change is also a row of `changes`. Throws when an intent is not in the state for a step: that is a bug. */
export interface IntentBook {
  get(key: string): KeptIntent;
  latest(identity: Identity, kind: LeaseKind, verb: IntentVerb): Intent | undefined;
  /** Oldest first. */
  open(): readonly Intent[];
  /** Those that wait to be sent, with the time until which they may be. */
  queued(): readonly { readonly intent: Intent; readonly until: number }[];
  insert(changes: Changes, request: IntentRequest, now: number): Intent;
  mark(changes: Changes, key: string, now: number): Intent;
  wait(changes: Changes, key: string, waiting: Waiting): void;
  answer(changes: Changes, key: string, outcome: string): void;
  end(changes: Changes, key: string, state: IntentState, now: number): KeptIntent;
}

export function openIntentBook(rows: readonly Row[]): IntentBook {
  const byKey = new Map<string, KeptIntent>();
  const openOnes = new Map<string, KeptIntent>();
  const queuedOnes = new Map<string, KeptIntent>();
  const newest = new Map<string, KeptIntent>();

  const keep = (intent: KeptIntent): void => {
    byKey.set(intent.key, intent);
    if (OPEN.has(intent.state)) openOnes.set(intent.key, intent);
    else openOnes.delete(intent.key);
    if (intent.waiting === "queued") queuedOnes.set(intent.key, intent);
    else queuedOnes.delete(intent.key);
    const name = nameOf(intent.identity, intent.kind, intent.verb);
    const other = newest.get(name);
    if (other === undefined || other.generation <= intent.generation) newest.set(name, intent);
  };
  for (const row of rows) keep(readIntent(row));

  const get = (key: string): KeptIntent => {
    const intent = byKey.get(key);
    if (intent === undefined) throw new Error("the journal has no such intent");
    return intent;
  };
  const change = (
    changes: Changes,
    key: string,
    from: readonly IntentState[],
    next: Partial<KeptIntent>,
  ): KeptIntent => {
    const intent = get(key);
    if (!from.includes(intent.state))
      throw new Error("an intent is not in the state for this step");
    const changed = { ...intent, ...next };
    keep(changed);
    changes.put("intents", writeIntent(changed));
    return changed;
  };

  return {
    get,
    latest: (identity, kind, verb) => newest.get(nameOf(identity, kind, verb)),
    open: () =>
      [...openOnes.values()].toSorted(
        (a, b) => a.recordedAt - b.recordedAt || (a.key < b.key ? -1 : 1),
      ),
    queued: () =>
      [...queuedOnes.values()].map((intent) => ({
        intent,
        until: Number(intent.parameters[QUEUED_UNTIL] ?? 0),
      })),
    insert(changes, request, now) {
      const { identity, kind, verb, generation } = request;
      const before = newest.get(nameOf(identity, kind, verb));
      if (byKey.has(request.key) || (before !== undefined && before.generation >= generation))
        throw new Error("an intent is recorded only once");
      const { key, lease, provider, via, fingerprint, parameters, run, count, stoppable } = request;
      const intent: KeptIntent = {
        ...{ key, identity, kind, verb, generation, lease, provider, via, fingerprint },
        ...{ parameters, run, counted: count, stoppable },
        state: "recorded",
        waiting: request.queued === true ? "queued" : undefined,
        attempts: 0,
        recordedAt: now,
        dispatchedAt: undefined,
        settledAt: undefined,
        outcome: undefined,
      };
      keep(intent);
      changes.put("intents", writeIntent(intent));
      return intent;
    },
    mark(changes, key, now) {
      const { attempts, dispatchedAt = now, parameters } = get(key);
      return change(changes, key, ["recorded", "dispatched"], {
        state: "dispatched",
        waiting: "unknown",
        attempts: attempts + 1,
        dispatchedAt,
        parameters: attempts === 0 ? parameters : { ...parameters, [SENT_AGAIN_AT]: now },
      });
    },
    wait(changes, key, waiting) {
      change(changes, key, ["dispatched"], { waiting });
    },
    answer(changes, key, outcome) {
      change(changes, key, ["dispatched"], { state: "answered", waiting: undefined, outcome });
    },
    end: (changes, key, state, now) =>
      change(changes, key, [...OPEN], {
        state,
        waiting: undefined,
        outcome: undefined,
        settledAt: now,
      }),
  };
}

function nameOf({ project, stack, resource }: Identity, kind: LeaseKind, verb: IntentVerb): string {
  return JSON.stringify([project, stack, resource, kind, verb]);
}

function writeIntent(intent: KeptIntent): Row {
  return {
    key: intent.key,
    ...intent.identity,
    kind: intent.kind,
    verb: intent.verb,
    generation: intent.generation,
    lease: intent.lease,
    provider: intent.provider,
    via: intent.via,
    fingerprint: intent.fingerprint,
    parameters: canonicalJson(intent.parameters),
    run: intent.run,
    counted: intent.counted ?? null,
    stoppable: intent.stoppable ? 1 : 0,
    state: intent.state,
    waiting: intent.waiting ?? null,
    attempts: intent.attempts,
    recorded_at: intent.recordedAt,
    dispatched_at: intent.dispatchedAt ?? null,
    settled_at: intent.settledAt ?? null,
    outcome: intent.outcome ?? null,
  };
}

function readIntent(row: Row): KeptIntent {
  const text = (name: string): string => String(row[name]);
  const time = (name: string): number | undefined =>
    row[name] === null ? undefined : Number(row[name]);
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
    run: text("run"),
    counted: (row.counted ?? undefined) as CountName | undefined,
    stoppable: row.stoppable === 1,
    state: text("state") as IntentState,
    waiting: (row.waiting ?? undefined) as Waiting | undefined,
    attempts: Number(row.attempts),
    recordedAt: Number(row.recorded_at),
    dispatchedAt: time("dispatched_at"),
    settledAt: time("settled_at"),
    outcome: (row.outcome ?? undefined) as string | undefined,
  };
}
