import type { ServiceQuote } from "../broker/context.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { selectPrice } from "../catalog/select-price.ts";

/**
 * What a service of the catalogue costs, for the broker's holds. `plans` are references of the plans that the stack is on, `cloudflare/workers:free`;
 * undefined when the catalogue leaves the price open.
 */
export function createQuote(
  catalog: Catalog,
  plans: readonly string[],
): (
  reference: string,
  config: Readonly<Record<string, string | number | boolean>>,
) => ServiceQuote | undefined {
  return (reference, config) => {
    const service = catalog.services.get(reference);
    if (service === undefined) return undefined;
    const own = plans.map((plan) => catalog.services.get(plan));
    const active = own.filter((plan) => plan?.provider === service.provider);
    const selected = selectPrice(service, {
      config,
      plans: new Set(active.flatMap((plan) => (plan === undefined ? [] : [plan.service]))),
    });
    if (selected === undefined) return undefined;
    const { categories } = service;
    return { price: selected.price, categories: categories.length > 0 ? categories : ["services"] };
  };
}
