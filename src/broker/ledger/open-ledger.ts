import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { LogEvent } from "../../log/event.ts";
import { openLogFile } from "../../log/log-file.ts";
import { shareRuns } from "../../util/share-runs.ts";
import { appendEvent } from "./append-event.ts";
import { countAccount, toQuantity } from "./caps.ts";
import { endInVain, giveUp } from "./end-in-vain.ts";
import { openGroupCommit, type Section } from "./group-commit.ts";
import { holdAgain } from "./hold-again.ts";
import { holdDoubt } from "./hold-doubt.ts";
import type { CountName, Ledger, LocalChange } from "./ledger.ts";
import { listUsage } from "./list-usage.ts";
import { openOutbox } from "./open-outbox.ts";
import {
  DEFAULT_ALERT_RULES,
  type LedgerAlertRules,
  raiseDenial,
  raiseUnknown,
} from "./raise-alerts.ts";
import { recordAct } from "./record-act.ts";
import { openSeenMark } from "./seen-mark.ts";
import { LedgerRolledBackError, type LedgerStore } from "./store.ts";
import { createChanges } from "./tables.ts";
import { addMonths, monthOf } from "./windows.ts";

export interface LedgerOptions {
  /** The log's second copy. */
  readonly logPath: string;
  /** The file that remembers, outside of the store, how far it was seen; see {@link openSeenMark}. */
  readonly seenPath: string;
  /** True: another ledger in this one's place is refused, too. Default false. */
  readonly keepsIdentity?: boolean | undefined;
  /** A reader writes nothing and disturbs nobody. */
  readonly mode: "writer" | "reader";
  readonly limits: Limits;
  /** Who acts, `agent:build-bot`. */
  readonly agent: string;
  /** Default {@link DEFAULT_ALERT_RULES}. */
  readonly alerts?: LedgerAlertRules | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const COUNTS: readonly CountName[] = ["domains", "accounts", "tokens"];
const MONTHS_AHEAD = 12;

/** The ledger over any store: the rules about money, acts and leases are here and below, and nowhere twice. */
export function openLedger(store: LedgerStore, options: LedgerOptions): Ledger {
  const { limits, agent, alerts: rules = DEFAULT_ALERT_RULES } = options;
  const place = { limits, agent, rules };
  const group = openGroupCommit(store, options.now);
  const seen = openSeenMark(options.seenPath, options.keepsIdentity ?? false);
  const logEntries = (from: number): Promise<readonly string[]> =>
    group.read(async (select) => {
      const sql = "SELECT entry FROM log WHERE sequence >= ? ORDER BY sequence";
      return (await select(sql, { entry: "text" }, [from])).map(({ entry }) => String(entry));
    });
  const size = () => group.run(({ state }) => (state.logTail?.sequence ?? -1) + 1);
  const file = openLogFile({ size, entries: logEntries }, options.logPath);

  /** A section that writes: time passes first. */
  const write = <T>(work: (section: Section) => T): Promise<T> =>
    group.run((section) => {
      passTime(section);
      return work(section);
    });
  /** Reading as time has passed; a reader does not write it down. */
  const look = <T>(work: (section: Section) => T): Promise<T> =>
    options.mode === "writer"
      ? write(work)
      : group.run(({ state, now }) => {
          const section = { state, now, changes: createChanges() };
          passTime(section);
          return work(section);
        });
  const bringUp = async (): Promise<void> => {
    await file.export();
    const reached = await group.run(({ state: { id, serial, logTail } }) => ({
      ...{ id, serial },
      size: (logTail?.sequence ?? -1) + 1,
      leaf: logTail?.leaf ?? "",
    }));
    const isNewer = await seen.advance(reached, (sequence) =>
      group.read(async (select) => {
        const sql = "SELECT leaf FROM log WHERE sequence = ?";
        const [row] = await select(sql, { leaf: "text" }, [sequence]);
        return row === undefined ? undefined : String(row.leaf);
      }),
    );
    if (!isNewer) throw new LedgerRolledBackError();
  };

  return {
    latestIntent: (identity, kind, verb) =>
      look(({ state }) => state.intents.latest(identity, kind, verb)),
    openIntents: () => group.run(({ state }) => state.intents.open()),
    heldBy: (key) =>
      group.run(({ state }) => {
        const held = state.money.heldBy(key);
        return held && { currency: held.unit, minor: held.minor };
      }),
    record: (request) =>
      write((section) => {
        const queued = section.state.intents
          .queued()
          .find(({ intent }) => intent.key === request.replaces);
        const replaced = queued && {
          key: queued.intent.key,
          giveUp: (code: string) => giveUp(section, queued.intent, code),
        };
        return recordAct(section, request, { ...place, replaced });
      }),
    holdAgain: (key, event) =>
      write((section) => holdAgain(section, section.state.intents.get(key), event, place)),
    holdDoubt: (key, amount, event) =>
      write((section) => holdDoubt(section, section.state.intents.get(key), amount, event, place)),
    markDispatched: (key, event) =>
      write((section) => {
        const { state, changes, now } = section;
        const denial = holdAgain(section, state.intents.get(key), event, place);
        if (denial !== undefined) return { kind: "denied", denial } as const;
        const intent = state.intents.mark(changes, key, now);
        if (event !== undefined) appendEvent(section, event);
        return { kind: "recorded", intent } as const;
      }),
    markWaiting: (key, waiting, event) =>
      write((section) => {
        section.state.intents.wait(section.changes, key, waiting);
        appendEvent(section, event);
      }),
    storeOutcome: (key, outcome, event) =>
      write((section) => {
        section.state.intents.answer(section.changes, key, outcome);
        appendAll(section, event === undefined ? [] : [event]);
      }),
    settle: (settlement) =>
      write((section) => {
        const { key, state: outcome, capture, lease } = settlement;
        const { verb, state: before } = section.state.intents.get(key);
        // Time has given it back already.
        if (before === "abandoned" && outcome === "abandoned") return;
        if (outcome === "settled") {
          section.state.intents.end(section.changes, key, outcome, section.now);
          const captured = typeof capture === "object" ? toQuantity(capture) : capture;
          const { state, changes, now } = section;
          state.money.settle(changes, key, captured ?? "nothing", "post", now);
          if (verb === "create" && lease === undefined)
            state.commitments.end(changes, ({ id }) => id === key, true, now);
        } else {
          endInVain(section, key, outcome);
        }
        applyChange(section, settlement);
      }),
    abandonUnsent: () =>
      write((section) => {
        const unsent = section.state.intents
          .open()
          .filter(({ state, waiting }) => state === "recorded" && waiting !== "queued");
        for (const intent of unsent) giveUp(section, intent);
        return unsent.length;
      }),

    outbox: openOutbox(group.run, write),
    capsOf: (key) =>
      group.run(({ state }) => state.money.holdsOf(key).map(({ account }) => account)),
    raiseUnknown: () => write((section) => raiseUnknown(section, agent)),

    lease: (id) => group.run(({ state }) => state.leases.get(id)),
    latestLease: (identity, kind) => group.run(({ state }) => state.leases.latest(identity, kind)),
    openLeases: () => group.run(({ state }) => state.leases.open()),
    leasesOf: (kind, provider, natural) =>
      group.run(({ state }) => state.leases.byNatural(kind, provider, natural)),
    leasesBelow: (parent, kind) => group.run(({ state }) => state.leases.below(parent, kind)),
    secrets: (lease) => group.run(({ state }) => state.leases.secrets(lease)),
    change: (change) => write((section) => applyChange(section, change)),
    revocations: () => group.run(({ state }) => state.leases.revocations()),
    finishRevocation: (id, event) =>
      write((section) => {
        section.state.leases.finishRevocation(section.changes, id, section.now);
        appendEvent(section, event);
      }),

    caps: () =>
      look(({ state, now }) =>
        listUsage(state, now).map(({ cap, currency, held, spent }) => ({
          cap,
          currency,
          held,
          spent,
        })),
      ),
    usage: () => look(({ state, now }) => listUsage(state, now)),
    alerts: () => group.run(({ state }) => state.alerts.list()),
    counts: () =>
      look(({ state }) => {
        const used = (name: CountName) => Number(state.money.used(countAccount(name), name));
        return Object.fromEntries(COUNTS.map((name) => [name, used(name)])) as Record<
          CountName,
          number
        >;
      }),
    forecast: () =>
      look(({ state, now }) =>
        Array.from({ length: MONTHS_AHEAD }, (_, ahead) => addMonths(monthOf(now), ahead + 1))
          .flatMap((month) => [...state.commitments.due(month)])
          .map(([cap, { unit, minor }]) => ({ cap, currency: unit, minor })),
      ),
    freezes: () => group.run(({ state }) => [...state.freezes.values()]),
    now: () => group.run(({ now }) => now),

    note: (events) => write((section) => appendAll(section, events)),
    noteRefusal: (identity, event) =>
      write((section) => {
        appendAll(section, event === undefined ? [] : [event]);
        raiseDenial(section, { identity, provider: undefined }, place);
      }),
    freeze: (scope, reason, event) =>
      write((section) => {
        addFreeze(section, scope, reason);
        appendEvent(section, event);
      }),
    unfreeze: (scope, reason, event) =>
      write((section) => {
        const { state, changes, now } = section;
        state.lastFreeze += 1;
        state.freezes.delete(scope);
        changes.put("freezes", {
          id: state.lastFreeze,
          scope,
          action: "unfreeze",
          reason,
          at: now,
        });
        appendEvent(section, event);
      }),
    exportLog: shareRuns(bringUp),
    logEntries,
    isCurrent: () => group.read(async (_, { epoch }) => epoch === store.epoch),
    close: () => group.close(),
  };
}

/** What rolling windows have left behind is available again; what a new month is committed to is held; what is queued with an expired quote is given back. */
function passTime(section: Section): void {
  const { state, changes, now } = section;
  state.money.lapse(changes, now);
  state.commitments.roll(changes, now);
  for (const { intent, until } of state.intents.queued())
    if (until <= now) giveUp(section, intent, "quote_expired");
}

function appendAll(section: Section, events: readonly LogEvent[]): void {
  for (const event of events) appendEvent(section, event);
}

/** Takes back what is queued, too: it was never sent. */
function addFreeze(section: Section, scope: string, reason: string): void {
  const { state, changes, now } = section;
  for (const { intent } of state.intents.queued())
    if (scope === "all" || scope === intent.provider) giveUp(section, intent, "frozen");
  state.lastFreeze += 1;
  state.freezes.delete(scope);
  state.freezes.set(scope, { scope, reason, at: now });
  changes.put("freezes", { id: state.lastFreeze, scope, action: "freeze", reason, at: now });
}

function applyChange(section: Section, change: LocalChange): void {
  const { state, changes, now } = section;
  const { lease, secrets, renewal } = change;
  if (lease !== undefined) {
    state.leases.put(changes, lease, now);
    if (secrets !== undefined) state.leases.putSecrets(changes, lease.id, secrets);
    if (lease.state === "closed")
      state.commitments.end(changes, (one) => one.lease === lease.id, true, now);
  }
  for (const { count, intent } of change.uncount ?? []) {
    const counted = state.intents.get(intent);
    if (counted.counted === count && counted.state === "settled")
      state.money.giveBack(changes, intent, countAccount(count), { unit: count, minor: 1n }, now);
  }
  if (change.revoke !== undefined) state.leases.addRevocation(changes, change.revoke, now);
  if (change.freeze !== undefined) addFreeze(section, change.freeze.scope, change.freeze.reason);
  if (renewal !== undefined) state.commitments.renew(changes, renewal.intent, renewal.automatic);
  appendAll(section, change.events);
}
