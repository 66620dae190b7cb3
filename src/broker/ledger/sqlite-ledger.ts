import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { LogEvent } from "../../log/event.ts";
import { openLogFile } from "../../log/log-file.ts";
import { openLogTable } from "../../log/log-table.ts";
import { listCaps, monthOf } from "./caps.ts";
import { openConnection } from "./connection.ts";
import { openIntentTable } from "./intent-table.ts";
import { openLeaseTable } from "./lease-table.ts";
import type { Denial, Freeze, IntentRequest, Ledger, LocalChange } from "./ledger.ts";
import { openMoneyBook } from "./money-book.ts";

export interface SqliteLedgerOptions {
  /** Database file; made when absent and `mode` is `writer`. */
  readonly path: string;
  /** The log's second copy. */
  readonly logPath: string;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A writer takes the ledger over from all earlier ones; a reader disturbs nobody. */
  readonly mode: "writer" | "reader";
}

/** The embedded ledger. Undefined when a newer program wrote it; throws what SQLite throws. */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger | undefined {
  const { limits } = options;
  const connection = openConnection(options.path, options.now, options.mode);
  if (connection === undefined) return undefined;
  const { database, write } = connection;
  const intents = openIntentTable(database);
  const money = openMoneyBook(database, limits);
  const leases = openLeaseTable(database);
  const log = openLogTable(database);
  const file = openLogFile(database, options.logPath);
  const freezes = database.prepare(
    `SELECT scope, reason, at FROM freezes f WHERE action = 'freeze'
     AND id = (SELECT MAX(id) FROM freezes WHERE scope = f.scope) ORDER BY id`,
  );
  const addFreeze = database.prepare(
    "INSERT INTO freezes (scope, action, reason, at) VALUES (?, ?, ?, ?)",
  );
  const time = database.prepare("SELECT value FROM facts WHERE name = 'time'");
  const readFreezes = (): readonly Freeze[] =>
    freezes.all().map((row) => ({
      scope: String(row.scope),
      reason: String(row.reason),
      at: Number(row.at),
    }));

  const appendAll = (events: readonly LogEvent[], now: number): void => {
    for (const event of events) log.append(event, now);
  };

  const denyFrozen = (isStoppable: boolean, provider: string): Denial | undefined => {
    const freeze = isStoppable
      ? readFreezes().find(({ scope }) => scope === "all" || scope === provider)
      : undefined;
    return freeze === undefined ? undefined : { code: "frozen", scope: freeze.scope };
  };

  const deny = (request: IntentRequest, caps: ReturnType<typeof listCaps>): Denial | undefined => {
    const frozen = denyFrozen(request.stoppable, request.provider);
    if (frozen !== undefined) return frozen;
    const refused =
      request.spend === undefined ? undefined : money.refuse(request.spend.amount, caps);
    if (refused !== undefined) return refused;
    return request.count === undefined ? undefined : money.refuseCount(request.count);
  };

  const applyChange = (change: LocalChange, now: number): void => {
    if (change.lease !== undefined) {
      leases.put(change.lease, now);
      if (change.secrets !== undefined) leases.putSecrets(change.lease.id, change.secrets);
    }
    for (const { count, intent, reason } of change.uncount ?? [])
      money.count(count, intent, -1, reason, now);
    if (change.revoke !== undefined) leases.addRevocation(change.revoke, now);
    if (change.freeze !== undefined)
      addFreeze.run(change.freeze.scope, "freeze", change.freeze.reason, now);
    appendAll(change.events, now);
  };

  const end = (key: string, state: "refused" | "abandoned", now: number): void => {
    const counted = intents.counted(key);
    intents.end(key, state, now);
    money.settle(key, undefined, now);
    if (counted !== undefined) money.count(counted, key, -1, state, now);
  };

  return {
    latestIntent: async (identity, kind, verb) => intents.latest(identity, kind, verb),
    openIntents: async () => intents.open(),
    heldBy: async (key) => money.heldBy(key),

    record: async (request) =>
      write((now) => {
        const { provider, run, spend, event } = request;
        const caps =
          spend === undefined
            ? []
            : listCaps(limits, spend, { provider, run, month: monthOf(now) });
        const denial = deny(request, caps);
        if (denial !== undefined) {
          log.append({ ...event, name: "act-denied", code: denial.code }, now);
          return { kind: "denied", denial } as const;
        }
        intents.insert(request, now);
        if (spend !== undefined) money.hold(request.key, spend.amount, caps, now);
        if (request.count !== undefined)
          money.count(request.count, request.key, 1, request.verb, now);
        log.append(event, now);
        return { kind: "recorded", intent: intents.get(request.key) } as const;
      }),

    markDispatched: async (key, event) =>
      write((now) => {
        const denial = denyFrozen(intents.isStoppable(key), intents.get(key).provider);
        if (denial !== undefined) return { kind: "denied", denial } as const;
        intents.mark(key, now);
        if (event !== undefined) log.append(event, now);
        return { kind: "recorded", intent: intents.get(key) } as const;
      }),

    markWaiting: async (key, waiting, event) =>
      write((now) => {
        intents.wait(key, waiting);
        log.append(event, now);
      }),

    storeOutcome: async (key, outcome) => write(() => intents.answer(key, outcome)),

    settle: async (settlement) =>
      write((now) => {
        const { key, state, capture } = settlement;
        if (state === "settled") {
          intents.end(key, state, now);
          money.settle(key, capture, now);
        } else {
          end(key, state, now);
        }
        applyChange(settlement, now);
      }),

    abandonUnsent: async () =>
      write((now) => {
        const unsent = intents.open().filter(({ state }) => state === "recorded");
        for (const { key, identity, provider, lease } of unsent) {
          end(key, "abandoned", now);
          const { project, stack, resource: name } = identity;
          const actor = { run: "recovery" };
          const resource = { project, stack, name };
          log.append({ name: "act-abandoned", actor, resource, lease, provider, intent: key }, now);
        }
        return unsent.length;
      }),

    lease: async (id) => leases.get(id),
    latestLease: async (identity, kind) => leases.latest(identity, kind),
    openLeases: async () => leases.open(),
    leasesOf: async (kind, provider, natural) => leases.byNatural(kind, provider, natural),
    leasesBelow: async (parent, kind) => leases.below(parent, kind),
    secrets: async (lease) => leases.secrets(lease),
    change: async (change) => write((now) => applyChange(change, now)),
    revocations: async () => leases.revocations(),
    finishRevocation: async (id, event) =>
      write((now) => {
        leases.finishRevocation(id, now);
        log.append(event, now);
      }),

    caps: async () => money.lines(),
    counts: async () => ({
      domains: money.countOf("domains"),
      accounts: money.countOf("accounts"),
      tokens: money.countOf("tokens"),
    }),
    freezes: async () => readFreezes(),
    month: async () => monthOf(Math.max(options.now(), Number(time.get()?.value ?? 0))),

    note: async (events) => write((now) => appendAll(events, now)),
    freeze: async (scope, reason, event) =>
      write((now) => {
        addFreeze.run(scope, "freeze", reason, now);
        log.append(event, now);
      }),
    unfreeze: async (scope, reason, event) =>
      write((now) => {
        addFreeze.run(scope, "unfreeze", reason, now);
        log.append(event, now);
      }),
    exportLog: async () => file.export(),
    logEntries: async (from) => log.entries(from),
    close: async () => connection.close(),
  };
}
