import type { LogEvent } from "../../log/event.ts";
import type { LogTail } from "../../log/log-table.ts";
import { type AlertBook, openAlertBook } from "./alert-book.ts";
import type { CommitmentBook } from "./commitment-book.ts";
import { openCommitmentBook, readCommitment } from "./commitment-book.ts";
import { type IntentBook, openIntentBook } from "./intent-book.ts";
import { type LeaseBook, openLeaseBook } from "./lease-book.ts";
import type { Freeze } from "./ledger.ts";
import {
  type Credit,
  type HoldTransfer,
  type MoneyBook,
  type OpenHold,
  openMoneyBook,
  type StoredBooks,
} from "./money-book.ts";
import type { LedgerFacts, LedgerStore, Select } from "./store.ts";
import { type ColumnType, TABLES, type TableName } from "./tables.ts";
import { rollingLength } from "./windows.ts";

/** All that the one writer decides by, in memory. It is read from the store at opening, and anew after a commit that failed. */
export interface LedgerState {
  readonly id: string;
  serial: number;
  time: number;
  readonly intents: IntentBook;
  readonly leases: LeaseBook;
  readonly money: MoneyBook;
  readonly commitments: CommitmentBook;
  /** Newest last. */
  readonly freezes: Map<string, Freeze>;
  lastFreeze: number;
  readonly alerts: AlertBook;
  /** Times of late denials by `project/stack`, oldest first; older ones may be missing. */
  readonly denials: Map<string, readonly number[]>;
  logTail: LogTail | undefined;
}

/** Intents and leases are kept whole; of transfers and entries only what still matters. */
export function loadState(store: LedgerStore): Promise<LedgerState> {
  return store.read(async (select, facts: LedgerFacts) => {
    const money = openMoneyBook(await readBooks(select, facts.time));
    const commitments = await readTable(
      select,
      "commitments",
      "WHERE ended_at IS NULL ORDER BY id",
    );
    const tail = await readTable(select, "log", "ORDER BY sequence DESC LIMIT 1");
    const freezes = await readTable(select, "freezes", "ORDER BY id");
    const [last] = await select("SELECT COALESCE(MAX(id), 0) AS id FROM revocations", {
      id: "integer",
    });
    const standing = new Map<string, Freeze>();
    for (const { scope, action, reason, at } of freezes) {
      standing.delete(String(scope));
      if (action === "freeze")
        standing.set(String(scope), {
          scope: String(scope),
          reason: String(reason),
          at: Number(at),
        });
    }
    const [newest] = tail;
    return {
      ...{ id: facts.id, serial: facts.serial, time: facts.time },
      intents: openIntentBook(await readTable(select, "intents", "ORDER BY recorded_at, key")),
      leases: openLeaseBook({
        leases: await readTable(select, "leases", "ORDER BY ordinal"),
        secrets: await readTable(select, "secrets", ""),
        revocations: await readTable(select, "revocations", "WHERE done_at IS NULL ORDER BY id"),
        lastRevocation: Number(last?.id),
      }),
      money,
      commitments: openCommitmentBook(commitments.map(readCommitment), money),
      freezes: standing,
      alerts: openAlertBook(await readTable(select, "alerts", "")),
      denials: await readDenials(select),
      lastFreeze: Number(freezes.at(-1)?.id ?? 0),
      logTail:
        newest === undefined
          ? undefined
          : { sequence: Number(newest.sequence), leaf: String(newest.leaf) },
    };
  });
}

function readTable(select: Select, table: TableName, rest: string) {
  const columns: Readonly<Record<string, ColumnType>> = TABLES[table].columns;
  return select(`SELECT ${Object.keys(columns).join(", ")} FROM ${table} ${rest}`, columns);
}

async function readBooks(select: Select, time: number): Promise<StoredBooks> {
  const sums = await select(
    `SELECT account, unit, SUM(CASE side WHEN 'held' THEN minor ELSE 0 END) AS held,
       SUM(CASE side WHEN 'spent' THEN minor ELSE 0 END) AS spent
     FROM entries GROUP BY account, unit ORDER BY account, unit`,
    { account: "text", unit: "text", held: "money", spent: "money" },
  );
  const balances = sums.map((row) => ({
    account: String(row.account),
    unit: String(row.unit),
    held: BigInt(row.held ?? 0n),
    spent: BigInt(row.spent ?? 0n),
  }));
  const [last] = await select("SELECT COALESCE(MAX(id), 0) AS id FROM transfers", {
    id: "integer",
  });
  const returned = await select(
    `SELECT t.intent AS intent, e.account AS account FROM transfers t JOIN entries e ON e.transfer = t.id
     WHERE t.phase = 'return' AND e.side = 'spent'`,
    { intent: "text", account: "text" },
  );
  return {
    balances,
    credits: await readCredits(select, time, balances),
    holds: await readHolds(select),
    returned: new Set(returned.map(({ intent, account }) => `${intent} ${account}`)),
    lastTransfer: Number(last?.id),
  };
}

/** Entries that are read for late denials: more than any burst is made of. */
const LATE_ENTRIES = 1_000;

async function readDenials(select: Select): Promise<Map<string, readonly number[]>> {
  const rows = await select(
    `SELECT entry FROM log WHERE sequence > (SELECT COALESCE(MAX(sequence), 0) FROM log) - ${LATE_ENTRIES}
       AND entry LIKE '%"name":"act-denied"%' ORDER BY sequence`,
    { entry: "text" },
  );
  const denials = new Map<string, readonly number[]>();
  for (const { entry } of rows) {
    const { name, at, resource } = JSON.parse(String(entry)) as LogEvent & { readonly at: string };
    if (name !== "act-denied" || resource === undefined) continue;
    const scope = `${resource.project}/${resource.stack}`;
    denials.set(scope, [...(denials.get(scope) ?? []), Date.parse(at)]);
  }
  return denials;
}

/** Holds that nothing has resolved. */
async function readHolds(select: Select): Promise<ReadonlyMap<string, HoldTransfer>> {
  const rows = await select(
    `SELECT t.id AS transfer, t.intent AS intent, e.account AS account, e.unit AS unit, e.minor AS minor, e.settles AS settles
     FROM transfers t JOIN entries e ON e.transfer = t.id
     WHERE t.phase = 'hold' AND e.side = 'held'
       AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.hold = t.id)
     ORDER BY t.id, e.position`,
    {
      ...{ transfer: "integer", intent: "text", account: "text" },
      ...{ unit: "text", minor: "money", settles: "text" },
    },
  );
  const holds = new Map<string, { readonly transfer: number; readonly lines: OpenHold[] }>();
  for (const row of rows) {
    const hold = holds.get(String(row.intent)) ?? { transfer: Number(row.transfer), lines: [] };
    holds.set(String(row.intent), hold);
    hold.lines.push({
      account: String(row.account),
      unit: String(row.unit),
      minor: BigInt(row.minor ?? 0n),
      settles: String(row.settles) as OpenHold["settles"],
    });
  }
  return holds;
}

const LONGEST_MS = 366 * 86_400_000;

/** What was spent under rolling accounts and has not lapsed: the newest spendings that make up the balance. */
async function readCredits(
  select: Select,
  time: number,
  balances: StoredBooks["balances"],
): Promise<readonly Credit[]> {
  const rolling = balances.filter(
    ({ account, spent }) => spent > 0n && rollingLength(account) !== undefined,
  );
  const credits: Credit[] = [];
  for (const { account, unit, spent } of rolling) {
    const rows = await select(
      `SELECT t.at AS at, e.minor AS minor FROM entries e JOIN transfers t ON t.id = e.transfer
       WHERE e.account = ? AND e.unit = ? AND e.side = 'spent' AND e.minor > 0 AND t.at >= ? ORDER BY t.id DESC`,
      { at: "integer", minor: "money" },
      [account, unit, time - LONGEST_MS * 2],
    );
    const own: Credit[] = [];
    let left = spent;
    for (const row of rows) {
      if (left <= 0n) break;
      const minor = BigInt(row.minor ?? 0n) < left ? BigInt(row.minor ?? 0n) : left;
      own.unshift({ account, unit, at: Number(row.at), minor });
      left -= minor;
    }
    credits.push(...own);
  }
  return credits;
}
