import { describe, expect, it } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { findListedService, LISTED_SERVICES } from "../../src/catalog/price-list.ts";

describe("the price list", () => {
  it.each(LISTED_SERVICES)("has a price of %s that is understood, and its page", (reference) => {
    const listed = findListedService(reference);
    expect(listed?.price.kind).not.toBe("unknown");
    expect(listed?.page).toMatch(/^https:\/\/\S+$/);
  });

  it("holds nothing that the catalogue has, and only what vendors without accounts sell", () => {
    const { services } = loadCatalog();
    const sellers = VENDORS.filter(({ hasAccounts }) => !hasAccounts).map(({ id }) => id);
    for (const reference of LISTED_SERVICES) {
      expect(services.has(reference)).toBe(false);
      expect(sellers).toContain(reference.split("/")[0]);
    }
  });

  it("knows no other service", () => {
    expect(findListedService("aws/quantum")).toBeUndefined();
    expect(findListedService("constructor")).toBeUndefined();
  });
});
