import type { CatalogService } from "./catalog.ts";

export type CatalogPrice = CatalogService["prices"][number];

/**
 * The price that applies to a configuration while the named plans of the provider are active; undefined when the catalogue leaves it
 * open: no plan is known on which the price depends, no tier fits, or several fit equally well.
 */
export function selectPrice(
  service: CatalogService,
  chosen: {
    readonly config: Readonly<Record<string, string | number | boolean>>;
    /** Service ids of plans of the same provider, e.g. `workers:free`. */
    readonly plans: ReadonlySet<string>;
  },
): CatalogPrice | undefined {
  const ofPlan = service.prices.filter(({ parents }) => parents.some((id) => chosen.plans.has(id)));
  const open =
    ofPlan.length > 0 ? ofPlan : service.prices.filter(({ parents }) => parents.length === 0);
  const selectors = new Set(open.flatMap(({ when }) => Object.keys(when)));
  const given = [...selectors].filter((key) => chosen.config[key] !== undefined);
  if (given.length === 0) return pickDefault(open);
  const fitting = open.filter(({ when }) =>
    Object.entries(when).every(([key, value]) => String(chosen.config[key]) === value),
  );
  const most = Math.max(...fitting.map(countSelectors));
  const closest = fitting.filter((price) => countSelectors(price) === most && most > 0);
  return closest.length === 1 ? closest[0] : undefined;
}

function pickDefault(prices: readonly CatalogPrice[]): CatalogPrice | undefined {
  if (prices.length === 1) return prices[0];
  const defaults = prices.filter(({ isDefault }) => isDefault);
  return defaults.length === 1 ? defaults[0] : undefined;
}

function countSelectors(price: CatalogPrice): number {
  return Object.keys(price.when).length;
}
