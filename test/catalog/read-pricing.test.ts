import { expect, test } from "vitest";
import { coversPrice } from "../../src/catalog/covers-price.ts";
import { parseCatalog } from "../../src/catalog/parse-catalog.ts";
import { readPricing } from "../../src/catalog/read-pricing.ts";
import { printCatalogService } from "../../src/sandbox/providers/print-catalog-service.ts";
import { printService } from "../../src/sandbox/providers/print-service.ts";
import { readProviderServices } from "../../src/sandbox/providers/read-provider-services.ts";
import { memberAt } from "../../src/util/json-access.ts";
import { readSharedCatalog } from "./shared-catalog.ts";

const text = readSharedCatalog();

test.skipIf(text === undefined).each([
  ["a provider's own list", printService],
  ["Stripe's catalogue", printCatalogService],
] as const)("what was approved by a real catalogue covers the same from %s", (_, print) => {
  const { services } = parseCatalog(text ?? "").catalog;
  const played = readProviderServices(JSON.parse(text ?? ""));
  expect(played.length).toBeGreaterThan(100);
  for (const service of played) {
    const reference = `${service.provider}/${service.id}`;
    const known = services.get(reference);
    if (known === undefined) throw new Error(`no ${reference}`);
    const { prices, isReadable } = readPricing(memberAt(print(service), "pricing"));
    expect(isReadable, reference).toBe(true);
    for (const [i, { price, text, when, parents }] of prices.entries()) {
      const own = known.prices[i];
      if (own === undefined) throw new Error(reference);
      expect({ when, parents }, reference).toEqual({ when: own.when, parents: own.parents });
      if (own.price.kind === "unknown") continue;
      const isSame = own.text === text && (own.price.kind === "free") === (price.kind === "free");
      expect(isSame || coversPrice(own.price, price), `${reference}: ${text}`).toBe(true);
    }
  }
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a list", []],
  ["another type", { type: "auction" }],
  ["a paid one without entries", { type: "paid", paid: [] }],
  ["a paid one of nothing", { type: "paid", paid: null, paid_pricing: [] }],
  ["components without options", { type: "component", component: {} }],
])("reads %s as one unknown price", (_, pricing) => {
  const { prices, isReadable } = readPricing(pricing);
  expect(isReadable).toBe(false);
  expect(prices.map(({ price }) => price.kind)).toEqual(["unknown"]);
});

test("a price that is only named, as Stripe names one, is not known", () => {
  const paid = [{ type: "stripe_price", stripe_price: "price_1" }];
  expect(readPricing({ type: "paid", paid }).prices.map(({ price }) => price.kind)).toEqual([
    "unknown",
  ]);
});

test("of a provider's list of tiers the marked one is the default, and without a mark none is", () => {
  const tier = (size: string, more = {}) => ({
    ...{ type: "freeform", freeform: "USD 5.00 / month", configuration: { size } },
    ...more,
  });
  const defaults = (...paid: readonly object[]) =>
    readPricing({ type: "paid", paid }).prices.map(({ isDefault }) => isDefault);
  expect(defaults(tier("s"), tier("l", { is_default: true }))).toEqual([false, true]);
  expect(defaults(tier("s"), tier("l"))).toEqual([false, false]);
  expect(defaults(tier("s"))).toEqual([true]);
});
