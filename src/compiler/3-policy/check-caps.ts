import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, DiagnosticSink, SourceLocation } from "../../diagnostics/diagnostic.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import type { Limits, Model } from "../2-model/model.ts";
import type { CapUse, Charge, CostEstimate } from "./policy-result.ts";

/** An amount above a cap. */
interface Excess {
  readonly code: "SC4005" | "SC4006" | "SC4015";
  readonly amount: Money;
  readonly cap: Money;
  /** What the cap is for. */
  readonly what: string;
  readonly location: SourceLocation;
}

/**
 * Reports what is above a cap, once with all the caps that it is above; every threshold that is reached; and every amount that no cap can
 * be compared with.
 */
export function checkCaps(
  { limits }: Model,
  charges: readonly Charge[],
  cost: CostEstimate,
  sink: DiagnosticSink,
): void {
  const excesses = charges.flatMap((charge) => checkCharge(limits, charge, sink));
  const { alerts } = limits;
  const atProvider = indexFirst(charges, ({ provider }) => [provider]);
  const inCategory = indexFirst(charges, ({ categories }) => categories);
  const first = charges[0]?.location;
  const uses: readonly CapCheck[] = [
    ...cost.byProvider.map((use) => {
      const what = `the provider ${use.name} in a month`;
      return { use, what, location: atProvider.get(use.name), alerts };
    }),
    ...cost.byCategory.map((use) => {
      const what = `the category ${use.name} in a month`;
      return { use, what, location: inCategory.get(use.name), alerts };
    }),
    ...cost.others.map((use) => ({ use, what: use.name, location: first, alerts })),
    { use: cost.total, what: "all providers in a month", location: first, alerts },
    { use: cost.perRun, what: "one run", location: first, alerts: [] },
  ];
  const warnings: Diagnostic[] = [];
  for (const check of uses) {
    // A cap under which nothing is planned is not exceeded.
    if (check.location === undefined) continue;
    const excess = findExcess(check.use, check.what, check.location);
    if (excess !== undefined) excesses.push(excess);
    else warnings.push(...listReached(check, check.location));
  }
  reportExcesses(excesses, sink);
  const { commitments } = cost;
  // A month above its cap is above in a year, too.
  if (
    first !== undefined &&
    excesses.length === 0 &&
    commitments !== undefined &&
    commitments.amount.minor > commitments.cap.minor
  )
    sink.report(createDiagnostic("SC4020", commitments, first));
  for (const warning of warnings) sink.report(warning);
}

interface CapCheck {
  readonly use: CapUse;
  readonly what: string;
  readonly location: SourceLocation | undefined;
  readonly alerts: readonly number[];
}

function indexFirst(
  charges: readonly Charge[],
  namesOf: (charge: Charge) => readonly string[],
): ReadonlyMap<string, SourceLocation> {
  const places = new Map<string, SourceLocation>();
  for (const charge of charges)
    for (const name of namesOf(charge)) if (!places.has(name)) places.set(name, charge.location);
  return places;
}

/** The same amount at the same place is one thing to know, however many caps it is above. */
function reportExcesses(excesses: readonly Excess[], sink: DiagnosticSink): void {
  const groups = Map.groupBy(excesses, ({ code, amount, location }) => {
    const { line, column } = location.range.start;
    return [code, formatMoney(amount), line, column].join("\n");
  });
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { code, amount, location } = first;
    sink.report(createDiagnostic(code, { amount, caps: listCaps(group) }, location));
  }
}

/** `the caps of 10.00 USD for one purchase and one run and of 20.00 USD for all providers in a month`. */
function listCaps(group: readonly Excess[]): string {
  const byCap = Map.groupBy(group, ({ cap }) => formatMoney(cap));
  const parts = [...byCap].map(
    ([cap, members]) => `of ${cap} for ${joinWords(members.map(({ what }) => what))}`,
  );
  return `the ${group.length === 1 ? "cap" : "caps"} ${joinWords(parts)}`;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** One purchase, by itself. */
function checkCharge(limits: Limits, charge: Charge, sink: DiagnosticSink): Excess[] {
  const excesses: Excess[] = [];
  const { location } = charge;
  const { currency } = limits.total;
  const due = charge.exists ? [charge.monthly] : [charge.oneTime, charge.monthly];
  for (const amount of due) {
    if (amount === undefined || amount.minor === 0n) continue;
    if (amount.currency !== currency) {
      const values = { amount, resource: charge.resource, currency };
      sink.report(createDiagnostic("SC4016", values, location));
      continue;
    }
    const cap = limits.perTransaction;
    if (amount.minor <= cap.minor) continue;
    const code = amount === charge.monthly ? "SC4006" : "SC4005";
    excesses.push({ code, amount, cap, what: "one purchase", location });
  }
  return excesses;
}

/** The threshold that a sum under its cap reaches, if any. */
function listReached(
  { use: { oneTime, monthly, cap }, what, alerts }: CapCheck,
  location: SourceLocation,
): readonly Diagnostic[] {
  const amount: Money = { currency: cap.currency, minor: oneTime.minor + monthly.minor };
  const reached = alerts.filter((percent) => amount.minor * 100n >= cap.minor * BigInt(percent));
  const percent = Math.max(0, ...reached);
  return percent > 0 && amount.minor > 0n
    ? [createDiagnostic("SC4013", { amount, percent, cap, what }, location)]
    : [];
}

/** The sharpest thing to say: what comes back every month, what is due once, or only the two together. */
function findExcess(
  { oneTime, monthly, cap }: CapUse,
  what: string,
  location: SourceLocation,
): Excess | undefined {
  const common = { cap, what, location };
  if (monthly.minor > cap.minor) return { ...common, code: "SC4006", amount: monthly };
  if (oneTime.minor > cap.minor) return { ...common, code: "SC4005", amount: oneTime };
  const together = { currency: cap.currency, minor: oneTime.minor + monthly.minor };
  return together.minor > cap.minor ? { ...common, code: "SC4015", amount: together } : undefined;
}
