import type { CapLine } from "./ledger.ts";
import type { LedgerState } from "./load-state.ts";
import { addMonths, monthOf, spanOf } from "./windows.ts";

/** All that is to be said about an account of money. */
export interface UsageLine extends CapLine {
  /** Of `held`: by acts that were sent and have no answer. */
  readonly unknown: bigint;
  /** Of `held` and `spent`: renewals of its calendar window. */
  readonly renewals: bigint;
  /** Due again in the twelve months after this one; only on accounts of this month. */
  readonly committed: bigint;
}

const MONTHS_AHEAD = 12;

/** Every account of money with all that is to be said about it, sorted by name; those of counts and acts have lines of their own. */
export function listUsage(state: LedgerState, now: number): readonly UsageLine[] {
  const unknown = sumUnknown(state);
  const months = Array.from({ length: MONTHS_AHEAD }, (_, n) => addMonths(monthOf(now), n + 1));
  const due = months.map((month) => state.commitments.due(month));
  return state.money
    .balances()
    .filter(({ account }) => !/^(count|acts)\//.test(account))
    .map(({ account, unit, held, spent }) => {
      const span = spanOf(account);
      const renewals = span && state.commitments.due(span.month).get(account);
      const base = account.slice(0, account.lastIndexOf("/"));
      const later = due.flatMap((sums, n) => sums.get(`${base}/${months[n]}`) ?? []);
      return {
        ...{ cap: account, currency: unit, held, spent },
        unknown: unknown.get(`${account} ${unit}`) ?? 0n,
        renewals: renewals?.unit === unit ? renewals.minor : 0n,
        committed:
          span?.month === monthOf(now)
            ? later.filter((one) => one.unit === unit).reduce((sum, { minor }) => sum + minor, 0n)
            : 0n,
      };
    })
    .toSorted((a, b) => (a.cap < b.cap ? -1 : a.cap > b.cap ? 1 : 0));
}

/** Held by acts that were sent and have no answer, by account and unit. */
function sumUnknown({ intents, money }: LedgerState): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { key, state, waiting } of intents.open())
    if (state === "dispatched" && waiting === "unknown")
      for (const { account, unit, minor } of money.holdsOf(key)) {
        const name = `${account} ${unit}`;
        sums.set(name, (sums.get(name) ?? 0n) + minor);
      }
  return sums;
}
