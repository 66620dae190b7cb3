import { type Money, parseMoney } from "../../util/money.ts";
import type { ProviderService, ServicePrice } from "./provider-service.ts";

/** The price that applies, or that none does because no plan it depends on is active. */
export type PriceChoice =
  | { readonly kind: "free" }
  | { readonly kind: "paid"; readonly text: string }
  | { readonly kind: "plan-required"; readonly plans: readonly string[] };

/**
 * Chooses the price of a service for a configuration and the account's active plans. Of a tiered price, the entry whose selectors all match, else the default, else
 * the first; of a component, the option of an active plan, else one that needs none.
 */
export function choosePrice(
  service: ProviderService,
  configuration: Readonly<Record<string, unknown>>,
  activePlans: ReadonlySet<string>,
): PriceChoice {
  const { pricing, prices } = service;
  if (pricing === "free" || prices.length === 0) return { kind: "free" };
  if (pricing === "component") {
    const option =
      prices.find((price) => price.parents.some((plan) => activePlans.has(plan))) ??
      prices.find((price) => price.parents.length === 0);
    if (option !== undefined) return toChoice(option);
    return { kind: "plan-required", plans: [...new Set(prices.flatMap((price) => price.parents))] };
  }
  const matching = prices.find((price) => {
    const selectors = Object.entries(price.when);
    return selectors.length > 0 && selectors.every(([key, value]) => configuration[key] === value);
  });
  const chosen = matching ?? prices.find((price) => price.isDefault) ?? prices[0];
  return chosen === undefined ? { kind: "free" } : toChoice(chosen);
}

function toChoice(price: ServicePrice): PriceChoice {
  return price.isFree ? { kind: "free" } : { kind: "paid", text: price.text };
}

const FIXED_PRICE = /^(?:USD |\$)([\d,]{1,9}(?:\.\d{1,2})?) ?(?:\/ ?|per )(?:month|mo|year|yr)$/;

/** The first period's charge of a price text that is a fixed amount for a month or a year and nothing else; undefined for every other text, and for zero. */
export function readFirstCharge(text: string): Money | undefined {
  const amount = FIXED_PRICE.exec(text.trim())?.[1];
  if (amount === undefined) return undefined;
  const money = parseMoney(`${amount.replaceAll(",", "")} USD`);
  return money === undefined || money.minor === 0n ? undefined : money;
}
