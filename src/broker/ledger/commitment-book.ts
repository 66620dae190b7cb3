import type { Interval, Recurring } from "../../catalog/recurrence.ts";
import { monthlyMost, yearlyMost } from "../../catalog/recurrence.ts";
import type { Line, Quantity } from "./caps.ts";
import { toQuantity } from "./caps.ts";
import type { Misfit, MoneyBook } from "./money-book.ts";
import type { Changes, Row } from "./tables.ts";
import { addMonths, monthOf, monthsBetween } from "./windows.ts";

/**
 * Parameter of an act that makes something renew by itself: the key of the intent that committed to it. From the record on it counts as such, and it must fit
 * under every cap like what is bought so at once; when nothing comes of the act, it counts as before.
 */
export const RENEWS = "renews";

/** What is due again by itself, from an act that was recorded until its lease ends. */
export interface Commitment extends Recurring {
  /** Key of the intent that made it. */
  readonly id: string;
  readonly lease: string;
  /** Accounts of the calendar month that it counts under, without the month. */
  readonly accounts: readonly string[];
  /** Months until it is due for the first time. */
  readonly first: number;
  /** It is charged without being asked for again. A domain that does not renew by itself is a commitment all the same, but of no certain month. */
  readonly automatic: boolean;
  readonly starts: number;
  /** The first month that nothing is held for yet. */
  readonly nextMonth: string;
  readonly endedAt: number | undefined;
}

/** The cap on an account of a month that has not begun, or undefined. */
type CapOf = (account: string, month: string) => Quantity | undefined;

/** What must be paid again. */
export interface CommitmentBook {
  /** The first month, of the twelve after this one, in which a new commitment does not fit under a cap, or is of another unit; undefined when it fits. One with the id `without` does not count. */
  refuse(
    commitment: Commitment,
    capOf: CapOf,
    now: number,
    without?: string | undefined,
  ): Misfit | undefined;
  /** One that does not renew by itself, as it would be if it did; undefined for every other id. */
  asRenewing(id: string): Commitment | undefined;
  /** What a commitment is due in a month, on each of its accounts. */
  linesOf(commitment: Commitment, month: string): readonly Line[];
  add(changes: Changes, commitment: Commitment): void;
  /** Holds what this month is committed to, and captures what earlier months were: a provider charges without being asked. */
  roll(changes: Changes, now: number): void;
  /** Nothing is committed any more. `charged`: what this month holds is captured, and the run rate given back; else all of it is given back. */
  end(
    changes: Changes,
    match: (commitment: Commitment) => boolean,
    charged: boolean,
    now: number,
  ): void;
  renew(changes: Changes, id: string, automatic: boolean): void;
  /** Committed to in a month, by account. */
  due(month: string): ReadonlyMap<string, Quantity>;
  list(): readonly Commitment[];
}

const MONTHS_AHEAD = 12;

export function openCommitmentBook(
  stored: readonly Commitment[],
  money: MoneyBook,
): CommitmentBook {
  /** Those that have not ended. */
  const commitments = new Map(stored.map((one) => [one.id, one]));
  const open = (): readonly Commitment[] => [...commitments.values()];
  /** What {@link CommitmentBook.due} answered, so that an act costs as little among thousands of commitments as among ten. */
  const sumsByMonth = new Map<string, Map<string, Quantity>>();
  let rolledTo: string | undefined;

  const put = (changes: Changes, commitment: Commitment): void => {
    if (commitment.endedAt === undefined) commitments.set(commitment.id, commitment);
    else commitments.delete(commitment.id);
    changes.put("commitments", writeCommitment(commitment));
  };

  const due = (month: string): ReadonlyMap<string, Quantity> => {
    const known = sumsByMonth.get(month);
    if (known !== undefined) return known;
    const sums = new Map<string, Quantity>();
    for (const one of commitments.values()) addDue(sums, one, month);
    sumsByMonth.set(month, sums);
    return sums;
  };

  return {
    refuse(commitment, capOf, now, without) {
      const month = monthOf(now);
      const leaving = commitments.get(without ?? "");
      for (let ahead = 1; ahead <= Math.max(MONTHS_AHEAD, commitment.first); ahead++) {
        const later = addMonths(month, ahead);
        if (!isDue(commitment, later)) continue;
        const sums = due(later);
        const amount = toQuantity(monthlyMost(commitment));
        for (const base of commitment.accounts) {
          const account = `${base}/${later}`;
          const limit = capOf(account, later);
          if (limit === undefined) continue;
          const room = leaving === undefined ? [] : linesOf(leaving, later);
          const taken = room
            .filter((one) => one.account === account)
            .reduce((rest, one) => rest - one.amount.minor, sums.get(account)?.minor ?? 0n);
          const line: Line = { account, amount, limit, settles: "capture" };
          if (limit.unit !== amount.unit) return { reason: "foreign", line };
          if (taken + amount.minor > limit.minor) return { reason: "above", line };
        }
      }
      return undefined;
    },

    asRenewing(id) {
      const one = commitments.get(id);
      return one === undefined || one.automatic ? undefined : { ...one, automatic: true };
    },
    linesOf,

    add(changes, commitment) {
      put(changes, commitment);
      for (const [month, sums] of sumsByMonth) addDue(sums, commitment, month);
    },

    roll(changes, now) {
      const month = monthOf(now);
      // Whatever is added later begins after the month in which it is added.
      if (month === rolledTo) return;
      rolledTo = month;
      sumsByMonth.clear();
      for (const one of open()) {
        let next = one;
        while (next.nextMonth <= month) {
          const earlier = addMonths(next.nextMonth, -1);
          money.settle(changes, holdKey(one.id, earlier), "whole", "post", now);
          money.hold(changes, holdKey(one.id, next.nextMonth), linesOf(one, next.nextMonth), now);
          next = { ...next, nextMonth: addMonths(next.nextMonth, 1) };
        }
        if (next !== one) put(changes, next);
      }
    },

    end(changes, match, charged, now) {
      for (const one of open().filter(match)) {
        const month = addMonths(one.nextMonth, -1);
        money.settle(changes, holdKey(one.id, month), "whole", charged ? "post" : "void", now);
        if (charged)
          money.giveBack(changes, one.id, "commitments", toQuantity(yearlyMost(one)), now);
        put(changes, { ...one, endedAt: now });
        sumsByMonth.clear();
      }
    },

    renew(changes, id, automatic) {
      const one = commitments.get(id);
      if (one === undefined || one.automatic === automatic) return;
      put(changes, { ...one, automatic });
      sumsByMonth.clear();
    },
    due,
    list: open,
  };
}

/** Adds what a commitment is due in a month to the sums of its accounts. */
function addDue(sums: Map<string, Quantity>, one: Commitment, month: string): void {
  if (!isDue(one, month)) return;
  const { unit, minor } = toQuantity(monthlyMost(one));
  for (const base of one.accounts) {
    const account = `${base}/${month}`;
    sums.set(account, { unit, minor: (sums.get(account)?.minor ?? 0n) + minor });
  }
}

function isDue({ interval, starts, first, automatic }: Commitment, month: string): boolean {
  const age = monthsBetween(monthOf(starts), month);
  if (!automatic || age < first) return false;
  return interval !== "year" || (age - first) % 12 === 0;
}

function linesOf(commitment: Commitment, month: string): readonly Line[] {
  if (!isDue(commitment, month)) return [];
  const amount = toQuantity(monthlyMost(commitment));
  return commitment.accounts.map((base) => ({
    account: `${base}/${month}`,
    amount,
    limit: undefined,
    settles: "capture",
  }));
}

/** What a month's hold of a commitment is called, beside the intents' keys. */
function holdKey(id: string, month: string): string {
  return `${id}@${month}`;
}

function writeCommitment(one: Commitment): Row {
  return {
    id: one.id,
    lease: one.lease,
    accounts: JSON.stringify(one.accounts),
    unit: one.amount.currency,
    minor: one.amount.minor,
    every: one.interval,
    first: one.first,
    automatic: one.automatic ? 1 : 0,
    starts: one.starts,
    next_month: one.nextMonth,
    ended_at: one.endedAt ?? null,
  };
}

export function readCommitment(row: Row): Commitment {
  return {
    id: String(row.id),
    lease: String(row.lease),
    accounts: JSON.parse(String(row.accounts)) as readonly string[],
    amount: { currency: String(row.unit), minor: BigInt(row.minor ?? 0n) },
    interval: String(row.every) as Interval,
    first: Number(row.first),
    automatic: row.automatic === 1,
    starts: Number(row.starts),
    nextMonth: String(row.next_month),
    endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
  };
}
