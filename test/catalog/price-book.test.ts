import { expect, it } from "vitest";
import { estimateDomain } from "../../src/catalog/price-book.ts";
import { formatMoney } from "../../src/util/money.ts";

it("estimates a .com for a year at 10.44 USD, and as much for each year after", () => {
  const price = estimateDomain("cloudflare", "example-shop.com", 1);
  expect(price && formatMoney(price.registration)).toBe("10.44 USD");
  expect(price && formatMoney(price.renewal)).toBe("10.44 USD");
  const three = estimateDomain("cloudflare", "example-shop.com", 3);
  expect(three && formatMoney(three.registration)).toBe("31.32 USD");
  expect(three && formatMoney(three.renewal)).toBe("10.44 USD");
});

it("does not estimate endings, registrars and object keys that are not in the table", () => {
  expect(estimateDomain("cloudflare", "example.co.uk", 1)).toBeUndefined();
  expect(estimateDomain("cloudflare", "example.constructor", 1)).toBeUndefined();
  expect(estimateDomain("__proto__", "example.com", 1)).toBeUndefined();
  expect(estimateDomain("elsewhere", "example.com", 1)).toBeUndefined();
});
