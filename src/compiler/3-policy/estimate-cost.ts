import type { Money } from "../../util/money.ts";
import type { CapScope, WindowCap } from "../1-manifest/guardrails.ts";
import type { Limits } from "../2-model/model.ts";
import type { CapUse, Charge, CostEstimate } from "./policy-result.ts";

/** Whose charges they are. */
export interface Spender {
  readonly project: string;
  readonly stack: string;
  /** `agent:build-bot` */
  readonly subject: string;
}

/** Sums the charges, per currency and per cap. */
export function estimateCost(
  charges: readonly Charge[],
  limits: Limits,
  spender: Spender,
): CostEstimate {
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
    others: [
      ...listOwnCaps(limits, spender).map(([name, cap]) => useCap(name, due, cap)),
      ...(limits.windows ?? []).flatMap((window) => useWindow(window, { due, run, spender })),
    ],
    commitments: limits.commitments && {
      amount: sumCommitments(due, limits.commitments.currency),
      cap: limits.commitments,
    },
    total: useCap("total", due, limits.total),
    perRun: useCap("run", run, limits.perRun),
  };
}

function listOwnCaps(limits: Limits, { project, stack, subject }: Spender) {
  const own: readonly (readonly [string, Money | undefined])[] = [
    [`the project ${project} in a month`, limits.perProject],
    [`the stack ${stack} in a month`, limits.perStack],
    [`${subject} in a month`, limits.perAgent],
  ];
  return own.flatMap(([name, cap]) => (cap === undefined ? [] : [[name, cap] as const]));
}

/** One window's use by each of its scope. In other windows than the month, what is due is what this run begins. */
function useWindow(
  { scope, only, amount, window }: WindowCap,
  { due, run, spender }: { due: readonly Charge[]; run: readonly Charge[]; spender: Spender },
): readonly CapUse[] {
  const charges = window === "month" ? due : run;
  const { project, stack, subject } = spender;
  const namesOf: Readonly<Record<CapScope, (charge: Charge) => readonly string[]>> = {
    total: () => ["all providers"],
    project: () => [project],
    stack: () => [`${project}/${stack}`],
    agent: () => [subject],
    provider: ({ provider }) => [provider],
    category: ({ categories }) => categories,
  };
  const names = new Set(charges.flatMap(namesOf[scope]));
  const during = /^[a-z]/.test(window) ? `in a ${window}` : `within ${window}`;
  return [...names]
    .filter((name) => only === undefined || only === name)
    .toSorted()
    .map((name) => {
      const within = charges.filter((charge) => namesOf[scope](charge).includes(name));
      const what = scope === "total" || scope === "agent" ? name : `the ${scope} ${name}`;
      return useCap(`${what} ${during}`, within, amount);
    });
}

function sumCommitments(charges: readonly Charge[], currency: string): Money {
  const yearly = charges.map((charge) => charge.yearly);
  const monthly = charges.map((charge) => charge.monthly);
  const minor = sumIn(yearly, currency).minor + 12n * sumIn(monthly, currency).minor;
  return { currency, minor };
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
