import type { Line, Quantity } from "./caps.ts";
import type { Changes } from "./tables.ts";
import { rollingLength } from "./windows.ts";

/**
 * Every account has three sides, and money moves between them: `budget` -> `held` -> `spent`, or back. What is available under a cap is the cap
 * less what is held and spent. Amounts of a transfer add up to zero, so all of them do.
 */
export type Side = "budget" | "held" | "spent";

export interface Balance {
  readonly account: string;
  readonly unit: string;
  held: bigint;
  spent: bigint;
}

/** Spent under a rolling account, until it lapses. */
export interface Credit {
  readonly account: string;
  readonly unit: string;
  readonly at: number;
  minor: bigint;
}

export interface OpenHold {
  readonly account: string;
  readonly unit: string;
  readonly minor: bigint;
  readonly settles: Line["settles"];
}

/** A transfer that holds, and what of it nothing has resolved. */
export interface HoldTransfer {
  readonly transfer: number;
  readonly lines: readonly OpenHold[];
}

/** The books as the store has them. */
export interface StoredBooks {
  readonly balances: readonly Balance[];
  readonly credits: readonly Credit[];
  readonly holds: ReadonlyMap<string, HoldTransfer>;
  /** `intent account` of what was given back. */
  readonly returned: ReadonlySet<string>;
  readonly lastTransfer: number;
}

/** A line that does not fit. */
export interface Misfit {
  readonly reason: "above" | "foreign";
  readonly line: Line;
}

/** Double entry in memory; every movement is also a row of `changes`. */
export interface MoneyBook {
  /**
   * The first line that does not fit, or undefined. Held and spent count alike; another unit than the account's or the cap's never fits. What `without`, an
   * intent that makes room, holds does not count.
   */
  refuse(lines: readonly Line[], without?: string): Misfit | undefined;
  /** Holds on all lines or on none: one transfer. The caller MUST have asked {@link MoneyBook.refuse}, unless it is bound to pay anyway. */
  hold(changes: Changes, intent: string, lines: readonly Line[], at: number): void;
  /** Holds more for an intent that holds already: another transfer, under a name of its own, that is resolved together with the first. */
  holdAgain(changes: Changes, intent: string, lines: readonly Line[], at: number): void;
  /** Resolves what an intent holds: takes at most the hold from each account and gives back the rest. Does nothing when nothing is held. */
  settle(
    changes: Changes,
    intent: string,
    capture: Quantity | "whole" | "nothing",
    outcome: "post" | "void",
    at: number,
  ): void;
  /** Gives back what an intent spent under an account, once; does nothing when it was given back. */
  giveBack(changes: Changes, intent: string, account: string, amount: Quantity, at: number): void;
  /** Makes available again what rolling windows have left behind. */
  lapse(changes: Changes, at: number): void;
  /** What an intent holds and nothing has resolved. */
  holdsOf(intent: string): readonly OpenHold[];
  /** Of any cap. */
  heldBy(intent: string): Quantity | undefined;
  used(account: string, unit: string): bigint;
  balances(): readonly Readonly<Balance>[];
}

interface Move extends Quantity {
  readonly account: string;
  readonly from: Side;
  readonly to: Side;
  readonly settles: Line["settles"];
  readonly cap?: bigint | undefined;
}

export function openMoneyBook(stored: StoredBooks): MoneyBook {
  const accounts = new Map<string, Map<string, Balance>>();
  const credits = new Map<string, Credit[]>();
  const holds = new Map(stored.holds);
  const returned = new Set(stored.returned);
  let transfer = stored.lastTransfer;
  for (const balance of stored.balances) find(balance.account, balance.unit, balance);
  for (const credit of stored.credits) addCredit(credit);

  function find(account: string, unit: string, initial?: Balance): Balance {
    const units = accounts.get(account) ?? new Map<string, Balance>();
    accounts.set(account, units);
    const balance = units.get(unit) ?? initial ?? { account, unit, held: 0n, spent: 0n };
    units.set(unit, balance);
    return balance;
  }

  function addCredit(credit: Credit): void {
    const list = credits.get(credit.account);
    if (list === undefined) credits.set(credit.account, [credit]);
    else list.push(credit);
  }

  /** One transfer; `resolved` is the one that it resolves. Moves of the same amount between the same sides are one row, which stands for two entries on each of its accounts. */
  function move(
    changes: Changes,
    intent: string,
    phase: "hold" | "post" | "void" | "return" | "lapse",
    moves: readonly Move[],
    at: number,
    resolved: number | null = null,
  ): void {
    if (moves.length === 0) return;
    transfer += 1;
    changes.put("transfers", { id: transfer, intent, phase, at, hold: resolved });
    const rows: { readonly move: Move; accounts: string }[] = [];
    for (const one of moves) {
      const { account, unit, minor, from, to, cap } = one;
      if (minor <= 0n) throw new Error("a movement of nothing");
      const line = `[${JSON.stringify(account)},${cap ?? null}]`;
      const row = rows.find(({ move }) => isAlike(move, one));
      if (row === undefined) rows.push({ move: one, accounts: line });
      else row.accounts += `,${line}`;
      const balance = find(account, unit);
      if (from !== "budget") balance[from] -= minor;
      if (to !== "budget") balance[to] += minor;
      if (balance.held < 0n || balance.spent < 0n) throw new Error("more was taken than is there");
      if (to === "spent" && rollingLength(account) !== undefined)
        addCredit({ account, unit, at, minor });
    }
    let position = 0;
    for (const { move, accounts } of rows)
      changes.put("moves", {
        ...{ transfer, position: position++, source: move.from, taken: -move.minor },
        ...{ target: move.to, given: move.minor, unit: move.unit, settles: move.settles },
        accounts: `[${accounts}]`,
      });
  }

  const used = (account: string, unit: string): bigint => {
    const balance = accounts.get(account)?.get(unit);
    return balance === undefined ? 0n : balance.held + balance.spent;
  };

  /** What an intent holds under: its key, then `<key>/2` and so on. */
  function namesOf(intent: string): readonly string[] {
    const names = [intent];
    while (holds.has(`${intent}/${names.length + 1}`)) names.push(`${intent}/${names.length + 1}`);
    return names;
  }

  return {
    refuse(lines, without) {
      const room = without === undefined ? [] : this.holdsOf(without);
      for (const line of lines) {
        const { account, amount, limit } = line;
        const units = [...(accounts.get(account)?.keys() ?? [])];
        const taken = (unit: string): bigint => {
          let rest = used(account, unit);
          for (const hold of room)
            if (hold.account === account && hold.unit === unit) rest -= hold.minor;
          return rest;
        };
        const isForeign =
          (limit !== undefined && limit.unit !== amount.unit) ||
          units.some((unit) => unit !== amount.unit && taken(unit) > 0n);
        if (isForeign) return { reason: "foreign", line };
        const isAbove = limit !== undefined && taken(amount.unit) + amount.minor > limit.minor;
        if (amount.minor < 0n || isAbove) return { reason: "above", line };
      }
      return undefined;
    },

    hold(changes, intent, lines, at) {
      const due = lines.filter(({ amount }) => amount.minor > 0n);
      if (due.length === 0) return;
      if (holds.has(intent)) throw new Error("an intent holds only once");
      const moves = due.map(({ account, amount, limit, settles }): Move => {
        const to = settles === "at-once" ? "spent" : "held";
        return { account, ...amount, from: "budget", to, settles, cap: limit?.minor };
      });
      move(changes, intent, "hold", moves, at);
      const held = due
        .filter(({ settles }) => settles !== "at-once")
        .map(({ account, amount, settles }) => ({ account, ...amount, settles }));
      holds.set(intent, { transfer, lines: held });
    },

    holdAgain(changes, intent, lines, at) {
      this.hold(changes, `${intent}/${namesOf(intent).length + 1}`, lines, at);
    },

    settle(changes, intent, capture, outcome, at) {
      for (const name of namesOf(intent)) {
        const held = holds.get(name);
        holds.delete(name);
        const moves = (held?.lines ?? []).flatMap(({ account, unit, minor, settles }): Move[] => {
          const taken = outcome === "void" ? 0n : takenOf(minor, unit, settles, capture);
          const common = { account, unit, from: "held", settles } as const;
          return [
            ...(taken > 0n ? [{ ...common, to: "spent" as const, minor: taken }] : []),
            ...(minor > taken ? [{ ...common, to: "budget" as const, minor: minor - taken }] : []),
          ];
        });
        move(changes, name, outcome, moves, at, held?.transfer);
      }
    },

    giveBack(changes, intent, account, { unit, minor }, at) {
      const key = `${intent} ${account}`;
      if (returned.has(key)) return;
      returned.add(key);
      const one = { account, unit, minor, from: "spent", to: "budget", settles: "whole" } as const;
      move(changes, intent, "return", [one], at);
    },

    lapse(changes, at) {
      const moves: Move[] = [];
      for (const [account, list] of credits) {
        const length = rollingLength(account) ?? Number.POSITIVE_INFINITY;
        while (list[0] !== undefined && list[0].at + length <= at) {
          const { unit, minor } = list.shift() as Credit;
          moves.push({ account, unit, minor, from: "spent", to: "budget", settles: "capture" });
        }
        if (list.length === 0) credits.delete(account);
      }
      move(changes, "", "lapse", moves, at);
    },

    holdsOf: (intent) => namesOf(intent).flatMap((name) => holds.get(name)?.lines ?? []),
    heldBy(intent) {
      const hold = holds.get(intent)?.lines.find(({ settles }) => settles === "capture");
      return hold && { unit: hold.unit, minor: hold.minor };
    },
    used,
    balances: () => [...accounts.values()].flatMap((units) => [...units.values()]),
  };
}

/** Everything but the account and its cap. */
function isAlike(one: Move, other: Move): boolean {
  return (
    one.minor === other.minor &&
    one.unit === other.unit &&
    one.from === other.from &&
    one.to === other.to &&
    one.settles === other.settles
  );
}

/** Of one hold. An amount in another unit tells nothing, so everything is taken. */
function takenOf(
  held: bigint,
  unit: string,
  settles: Line["settles"],
  capture: Quantity | "whole" | "nothing",
): bigint {
  if (settles === "whole" || capture === "whole") return held;
  if (capture === "nothing") return 0n;
  return capture.unit !== unit || capture.minor > held ? held : capture.minor;
}
