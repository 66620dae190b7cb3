import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Money } from "../../util/money.ts";
import type { Limits, Model } from "../2-model/model.ts";
import type { CapUse, Charge, CostEstimate } from "./policy-result.ts";

/** Reports every cap that the plan is above, every threshold that it reaches, and every amount that no cap can be compared with. */
export function checkCaps(
  { limits }: Model,
  charges: readonly Charge[],
  cost: CostEstimate,
  sink: DiagnosticSink,
): void {
  for (const charge of charges) checkCharge(limits, charge, sink);
  const check = (
    use: CapUse,
    what: string,
    location: SourceLocation | undefined,
    alerts: readonly number[],
  ): void => {
    // A cap under which nothing is planned is not exceeded.
    if (location !== undefined) checkUse(use, what, location, alerts, sink);
  };
  for (const use of cost.byProvider) {
    const at = charges.find(({ provider }) => provider === use.name)?.location;
    check(use, `the provider ${use.name} in a month`, at, limits.alerts);
  }
  for (const use of cost.byCategory) {
    const at = charges.find(({ categories }) => categories.includes(use.name))?.location;
    check(use, `the category ${use.name} in a month`, at, limits.alerts);
  }
  const at = charges[0]?.location;
  check(cost.total, "all providers in a month", at, limits.alerts);
  check(cost.perRun, "one run", at, []);
}

/** One purchase, by itself. */
function checkCharge(limits: Limits, charge: Charge, sink: DiagnosticSink): void {
  const { currency } = limits.total;
  const due = charge.exists ? [charge.monthly] : [charge.oneTime, charge.monthly];
  for (const amount of due) {
    if (amount === undefined || amount.minor === 0n) continue;
    if (amount.currency !== currency) {
      const values = { amount, resource: charge.resource, currency };
      sink.report(createDiagnostic("SC4016", values, charge.location));
      continue;
    }
    const cap = limits.perTransaction;
    if (amount.minor <= cap.minor) continue;
    const code = amount === charge.monthly ? "SC4006" : "SC4005";
    sink.report(createDiagnostic(code, { amount, cap, what: "one purchase" }, charge.location));
  }
}

function checkUse(
  { oneTime, monthly, cap }: CapUse,
  what: string,
  location: SourceLocation,
  alerts: readonly number[],
  sink: DiagnosticSink,
): void {
  const amount: Money = { currency: cap.currency, minor: oneTime.minor + monthly.minor };
  const above = findExcess(oneTime, monthly, amount, cap);
  if (above !== undefined) {
    sink.report(createDiagnostic(above.code, { amount: above.amount, cap, what }, location));
    return;
  }
  const reached = alerts.filter((percent) => amount.minor * 100n >= cap.minor * BigInt(percent));
  const percent = Math.max(0, ...reached);
  if (percent > 0 && amount.minor > 0n)
    sink.report(createDiagnostic("SC4013", { amount, percent, cap, what }, location));
}

/** The sharpest thing to say: what comes back every month, what is due once, or only the two together. */
function findExcess(
  oneTime: Money,
  monthly: Money,
  together: Money,
  cap: Money,
): { readonly code: "SC4005" | "SC4006" | "SC4015"; readonly amount: Money } | undefined {
  if (monthly.minor > cap.minor) return { code: "SC4006", amount: monthly };
  if (oneTime.minor > cap.minor) return { code: "SC4005", amount: oneTime };
  return together.minor > cap.minor ? { code: "SC4015", amount: together } : undefined;
}
