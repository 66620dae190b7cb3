import type { Money } from "../../util/money.ts";
import type { Limits } from "../2-model/model.ts";
import type { CapUse, Charge, CostEstimate } from "./policy-result.ts";

/** Sums the charges, per currency and per cap. */
export function estimateCost(charges: readonly Charge[], limits: Limits): CostEstimate {
  const { currency } = limits.total;
  const due = charges.map((charge) => (charge.exists ? { ...charge, oneTime: undefined } : charge));
  const run = due.map((charge) => (charge.exists ? { ...charge, monthly: undefined } : charge));
  const providers = [...new Set(due.map(({ provider }) => provider))].toSorted();
  return {
    oneTime: sumByCurrency(
      due.map(({ oneTime }) => oneTime),
      currency,
    ),
    monthly: sumByCurrency(
      due.map(({ monthly }) => monthly),
      currency,
    ),
    yearlyCommitment: sumByCurrency(
      due.map(({ yearly }) => yearly),
      currency,
    ),
    usageBased: charges.filter(({ kind }) => kind === "usage"),
    unknown: charges.filter(({ kind }) => kind === "unknown"),
    byProvider: providers.map((name) =>
      useCap(
        name,
        due.filter(({ provider }) => provider === name),
        limits.perProvider,
      ),
    ),
    byCategory: Object.keys(limits.categories)
      .toSorted()
      .flatMap((name) => {
        const cap = limits.categories[name];
        const within = due.filter(({ categories }) => categories.includes(name));
        return cap === undefined ? [] : [useCap(name, within, cap)];
      }),
    total: useCap("total", due, limits.total),
    perRun: useCap("run", run, limits.perRun),
  };
}

function useCap(name: string, charges: readonly Charge[], cap: Money): CapUse {
  const oneTime = sumIn(
    charges.map((charge) => charge.oneTime),
    cap.currency,
  );
  const monthly = sumIn(
    charges.map((charge) => charge.monthly),
    cap.currency,
  );
  const leftAfter = { currency: cap.currency, minor: cap.minor - oneTime.minor - monthly.minor };
  return { name, oneTime, monthly, cap, leftAfter };
}

function sumIn(amounts: readonly (Money | undefined)[], currency: string): Money {
  const minor = amounts.reduce(
    (sum, amount) => sum + (amount?.currency === currency ? amount.minor : 0n),
    0n,
  );
  return { currency, minor };
}

/** One sum per currency, `first` even if it is zero, the others by name. */
function sumByCurrency(amounts: readonly (Money | undefined)[], first: string): readonly Money[] {
  const others = new Set(
    amounts.flatMap((amount) => (amount === undefined ? [] : [amount.currency])),
  );
  others.delete(first);
  return [first, ...[...others].toSorted()].map((currency) => sumIn(amounts, currency));
}
