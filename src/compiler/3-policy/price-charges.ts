import type { Lowered, PriceItem } from "../../adapters/vendors/contract.ts";
import type { Catalog, CatalogService, Price } from "../../catalog/catalog.ts";
import { estimateDomain } from "../../catalog/price-book.ts";
import { findListedService } from "../../catalog/price-list.ts";
import { monthlyMost } from "../../catalog/recurrence.ts";
import { selectPrice } from "../../catalog/select-price.ts";
import type { DomainNode, Model, ResourceNode } from "../2-model/model.ts";
import { createResourceLocator } from "./locate-resource.ts";
import type { Charge } from "./policy-result.ts";

type Amounts = Pick<
  Charge,
  "kind" | "oneTime" | "monthly" | "yearly" | "rates" | "source" | "text"
>;
type Amount = Extract<Price, { kind: "fixed" }>;

/**
 * Prices every line of the bill. A service or a domain of the manifest is on the bill even if no vendor put it there. `existing` holds
 * the names of what is there already.
 */
export function priceCharges(
  model: Model,
  lowered: readonly Lowered[],
  catalog: Catalog,
  existing: ReadonlySet<string>,
): readonly Charge[] {
  const items = lowered.flatMap(({ prices }) => prices);
  const listed = new Set(items.map(({ resource }) => resource));
  const unlisted = model.resources.filter(({ name }) => !listed.has(name)).flatMap(toItem);
  const all = [...items, ...unlisted];
  const plans = findPlans(all, catalog);
  const nodes = new Map(model.resources.map((node) => [node.name, node]));
  const locate = createResourceLocator(model);
  /** A service has one price for all that neither choose a configuration nor are domains. */
  const plain = new Map<string, Amounts>();
  const priceOf = (reference: string, provider: string, node: ResourceNode | undefined) => {
    const isPlain = node?.kind !== "service" && node?.kind !== "domain";
    const known = isPlain ? plain.get(reference) : undefined;
    if (known !== undefined) return known;
    const service = catalog.services.get(reference);
    const listed = service === undefined ? findListedService(reference) : undefined;
    const amounts: Amounts = listed
      ? { ...toAmounts(listed.price, listed.text), source: "price-book" }
      : priceItem(node, service, plans.get(provider) ?? new Set());
    if (isPlain) plain.set(reference, amounts);
    return amounts;
  };
  return all.map((item): Charge => {
    const provider = providerOf(item.service);
    const service = catalog.services.get(item.service);
    const node = nodes.get(item.resource);
    return {
      resource: item.resource,
      service: item.service,
      provider,
      categories: [...new Set([item.category, ...(service?.categories ?? [])])],
      ...priceOf(item.service, provider, node),
      irreversible: item.irreversible || node?.kind === "domain",
      exists: existing.has(item.resource),
      location: locate(item.resource, provider),
    };
  });
}

/** The provider in `provider/service_id`. */
function providerOf(service: string): string {
  return service.slice(0, service.indexOf("/"));
}

function toItem(node: ResourceNode): readonly PriceItem[] {
  const common = { resource: node.name };
  if (node.kind === "service")
    return [{ ...common, service: node.service, category: "services", irreversible: false }];
  if (node.kind === "domain")
    return [
      {
        ...common,
        service: `${node.provider}/registrar:domain`,
        category: "domains",
        irreversible: true,
      },
    ];
  return [];
}

/** Plans on the bill, by provider: the prices of other services hang on them. */
function findPlans(
  items: readonly PriceItem[],
  catalog: Catalog,
): ReadonlyMap<string, ReadonlySet<string>> {
  const plans = new Map<string, Set<string>>();
  for (const { service: reference } of items) {
    const service = catalog.services.get(reference);
    if (service?.kind !== "plan") continue;
    const ofProvider = plans.get(service.provider) ?? new Set();
    plans.set(service.provider, ofProvider.add(service.service));
  }
  return plans;
}

function priceItem(
  node: ResourceNode | undefined,
  service: CatalogService | undefined,
  plans: ReadonlySet<string>,
): Amounts {
  const config = node?.kind === "service" ? node.config : {};
  const selected = service && selectPrice(service, { config, plans });
  const { price, text } = selected ?? { price: { kind: "unknown", text: "" }, text: "" };
  if (node?.kind === "domain" && price.kind === "unknown") return priceDomain(node, text);
  return toAmounts(price, text);
}

/** The price book's estimate; without one the most that the manifest allows to pay, which the broker enforces. */
function priceDomain(node: DomainNode, text: string): Amounts {
  const estimate = estimateDomain(node.provider, node.domain, node.years);
  const common = { rates: [], text };
  if (estimate === undefined)
    return { ...common, kind: "unknown", oneTime: node.maxPrice, source: "bound" };
  return {
    ...common,
    kind: "one-time",
    oneTime: estimate.registration,
    yearly: estimate.renewal,
    source: "price-book",
  };
}

function toAmounts(price: Price, text: string): Amounts {
  const common = { kind: price.kind, rates: [], source: "catalogue", text } as const;
  switch (price.kind) {
    case "free":
    case "unknown":
      return common;
    case "one-time":
      return { ...common, oneTime: price.amount };
    case "fixed":
      return { ...common, ...spreadFixed(price) };
    case "usage": {
      const fixed = price.minimum && spreadFixed({ kind: "fixed", ...price.minimum });
      return { ...common, ...fixed, rates: price.rates };
    }
  }
}

function spreadFixed({ amount, interval }: Amount): Partial<Amounts> {
  switch (interval) {
    case "month":
      return { monthly: amount };
    case "year":
      return { oneTime: amount, yearly: amount };
    case "week":
    case "day":
      return { monthly: monthlyMost({ amount, interval }) };
  }
}
