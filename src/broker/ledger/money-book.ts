import type { DatabaseSync } from "node:sqlite";
import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { Money } from "../../util/money.ts";
import { type AppliedCap, transactionCap } from "./caps.ts";
import type { CapLine, CountName, Denial } from "./ledger.ts";

/** Holds, captures, releases and counts. Every method MUST be called inside the ledger's write section. */
export interface MoneyBook {
  /** Why the amount does not fit, or undefined. Held and captured money count alike. */
  refuse(amount: Money, caps: readonly AppliedCap[]): Denial | undefined;
  hold(intent: string, amount: Money, caps: readonly AppliedCap[], now: number): void;
  /** Captures at most the hold from each hold of the intent and releases the rest; does nothing for holds already settled. */
  settle(intent: string, capture: Money | "whole" | undefined, now: number): void;
  heldBy(intent: string): Money | undefined;
  refuseCount(count: CountName): Denial | undefined;
  count(count: CountName, intent: string, delta: 1 | -1, reason: string, now: number): void;
  lines(): readonly CapLine[];
  countOf(count: CountName): number;
}

const USED = `
SELECT h.account AS account, h.currency AS currency,
  SUM(CASE WHEN e.settled IS NULL THEN h.minor ELSE 0 END) AS held,
  SUM(COALESCE(e.captured, 0)) AS spent
FROM holds h LEFT JOIN (
  SELECT hold, COUNT(*) AS settled, SUM(CASE WHEN kind = 'capture' THEN minor ELSE 0 END) AS captured
  FROM entries GROUP BY hold
) e ON e.hold = h.id`;

export function openMoneyBook(database: DatabaseSync, limits: Limits): MoneyBook {
  const used = readBigInts(database, `${USED} WHERE h.account = ? GROUP BY h.account, h.currency`);
  const all = readBigInts(
    database,
    `${USED} GROUP BY h.account, h.currency ORDER BY h.account, h.currency`,
  );
  const addHold = database.prepare(
    "INSERT INTO holds (intent, account, currency, minor, at) VALUES (?, ?, ?, ?, ?)",
  );
  const open = readBigInts(
    database,
    "SELECT id, currency, minor FROM holds WHERE intent = ? AND id NOT IN (SELECT hold FROM entries) ORDER BY id",
  );
  const addEntry = database.prepare(
    "INSERT INTO entries (hold, kind, minor, at) VALUES (?, ?, ?, ?)",
  );
  const sum = database.prepare("SELECT COALESCE(SUM(delta), 0) AS used FROM counts WHERE name = ?");
  const addCount = database.prepare(
    "INSERT OR IGNORE INTO counts (name, intent, delta, reason, at) VALUES (?, ?, ?, ?, ?)",
  );
  const countOf = (count: CountName): number => Number(sum.get(count)?.used);

  return {
    refuse(amount, caps) {
      const transaction = transactionCap(limits);
      for (const { account: cap, limit } of [transaction, ...caps]) {
        const lines = cap === transaction.account ? [] : readLines(used.all(cap));
        const isForeign =
          limit.currency !== amount.currency ||
          lines.some((line) => line.currency !== amount.currency);
        if (isForeign) return { code: "currency_mismatch", amount, cap };
        const taken = lines.reduce((total, line) => total + line.held + line.spent, 0n);
        if (amount.minor < 0n || taken + amount.minor > limit.minor)
          return { code: "cap_exceeded", amount, cap, limit };
      }
      return undefined;
    },

    hold(intent, amount, caps, now) {
      if (amount.minor === 0n) return;
      for (const { account } of caps)
        addHold.run(intent, account, amount.currency, amount.minor, now);
    },

    settle(intent, capture, now) {
      for (const hold of open.all(intent)) {
        const held = BigInt(hold.minor as bigint);
        const wanted = capture === "whole" ? held : (capture?.minor ?? 0n);
        const isForeign = typeof capture === "object" && capture.currency !== hold.currency;
        const captured = isForeign || wanted > held ? held : wanted;
        const id = hold.id as bigint;
        if (captured > 0n) addEntry.run(id, "capture", captured, now);
        if (held > captured) addEntry.run(id, "release", held - captured, now);
      }
    },

    heldBy(intent) {
      const hold = open.get(intent);
      if (hold === undefined) return undefined;
      return { currency: String(hold.currency), minor: hold.minor as bigint };
    },

    refuseCount(count) {
      const limit = limits.counts[count];
      return countOf(count) < limit ? undefined : { code: "count_exceeded", count, limit };
    },

    count(count, intent, delta, reason, now) {
      addCount.run(count, intent, delta, reason, now);
    },

    lines: () => readLines(all.all()),
    countOf,
  };
}

function readBigInts(database: DatabaseSync, sql: string) {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

function readLines(rows: readonly Readonly<Record<string, unknown>>[]): readonly CapLine[] {
  return rows.map((row) => ({
    cap: String(row.account),
    currency: String(row.currency),
    held: row.held as bigint,
    spent: row.spent as bigint,
  }));
}
