import type { ServiceQuote } from "../broker/context.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { readPricing } from "../catalog/read-pricing.ts";
import { selectPrice } from "../catalog/select-price.ts";

/**
 * What a service of the catalogue costs, for the broker's holds; by `pricing` of the provider's own list, where that is given. `plans` are references of the plans
 * that the stack is on, `cloudflare/workers:free`; undefined when the price is left open.
 */
export function createQuote(
  catalog: Catalog,
  plans: readonly string[],
): (
  reference: string,
  config: Readonly<Record<string, string | number | boolean>>,
  pricing?: unknown,
) => ServiceQuote | undefined {
  return (reference, config, pricing) => {
    const known = catalog.services.get(reference);
    if (known === undefined) return undefined;
    const service =
      pricing === undefined ? known : { ...known, prices: readPricing(pricing).prices };
    const own = plans.map((plan) => catalog.services.get(plan));
    const active = own.filter((plan) => plan?.provider === service.provider);
    const selected = selectPrice(service, {
      config,
      plans: new Set(active.flatMap((plan) => (plan === undefined ? [] : [plan.service]))),
    });
    if (selected === undefined) return undefined;
    const { categories } = service;
    const { price, text, detail } = selected;
    return { price, text, detail, categories: categories.length > 0 ? categories : ["services"] };
  };
}
