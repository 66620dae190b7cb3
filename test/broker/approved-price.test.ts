import { describe, expect, test } from "vitest";
import type { PricingAnswer } from "../../src/adapters/orchestrators/contract.ts";
import { parsePrice } from "../../src/catalog/parse-price.ts";
import { readPricing } from "../../src/catalog/read-pricing.ts";
import { createBench, grant, refuse, requests, setUp } from "./fakes/bench.ts";

const listed = (text: string, description = ""): PricingAnswer => ({
  kind: "listed",
  pricing: { type: "paid", paid: [{ type: "freeform", freeform: text, description }] },
});

/** A broker at whose provider the service costs what `answer` says, and was approved for `approved`. */
async function openAt(approved: string, answer: () => PricingAnswer) {
  const { open, world } = createBench();
  const broker = await open({
    orchestrators: {
      cloudflare: [{ ...world.orchestrator, readPricing: async () => answer() }],
    },
    quoteService: (_service, _config, pricing) => {
      const text = approved;
      if (pricing === undefined) return { price: parsePrice(text), text, categories: ["storage"] };
      const [own] = readPricing(pricing).prices;
      return own && { ...own, categories: ["storage"] };
    },
  });
  const ids = await setUp(broker);
  const before = world.resources.length;
  return {
    broker,
    made: () => world.resources.length - before,
    ask: () => requests.service(ids.account, ids.payment),
  };
}

describe("promise 1: nothing is bought dearer than it was approved", () => {
  test.each([
    ["a higher price", "USD 5.00 / month", listed("USD 6.00 / month"), "price_changed"],
    ["a price for what was free", "Free", listed("USD 1.00 / month"), "price_changed"],
    ["a price that nobody can read", "USD 5.00 / month", listed("ask us"), "price_changed"],
    [
      "no price",
      "USD 5.00 / month",
      { kind: "listed", pricing: undefined } as const,
      "price_changed",
    ],
    [
      "the same price with a charge beside it",
      "USD 5.00 / month",
      listed("USD 5.00 / month", "plus $5 per GB of overage"),
      "price_changed",
    ],
    [
      "the same rates with a minimum beside them",
      "$0.02 / GB-month",
      listed("$0.02 / GB-month", "plus a minimum charge of $500/month"),
      "price_changed",
    ],
    [
      "two rates of one unit in each other's place",
      "$4.50/million requests and $0.36/million requests",
      listed("$4.50/million requests and $4.50/million requests"),
      "price_changed",
    ],
    [
      "a price that is made to throw",
      "USD 5.00 / month",
      {
        kind: "listed",
        pricing: { type: "paid", paid: [{ configuration: { x: { toString: 1 } } }] },
      } as const,
      "price_changed",
    ],
    ["no such service", "USD 5.00 / month", { kind: "absent" } as const, "service_not_offered"],
    [
      "nothing that can be read",
      "USD 5.00 / month",
      { kind: "unknown", code: "http_500" } as const,
      "price_unconfirmed",
    ],
  ])(
    "%s at the provider is refused before anything is sent or held",
    async (_, text, answer, code) => {
      const { broker, made, ask } = await openAt(text, () => answer);
      expect(await refuse(broker, ask())).toBe(code);
      expect(made()).toBe(0);
      expect((await broker.summary()).caps[0]).toMatchObject({
        spent: "0.00 USD",
        held: "0.00 USD",
      });
    },
  );

  test.each([
    ["the same words", "USD 5.00 / month", "USD 5.00 / month"],
    ["a lower price in other words", "USD 5.00 / month", "$4.50 per month"],
    ["the same rates for use", "$0.02 / GB-month", "$0.02 / GB-month"],
  ])("%s is bought", async (_, approved, asked) => {
    const { broker, made, ask } = await openAt(approved, () => listed(asked));
    await grant(broker, ask());
    expect(made()).toBe(1);
  });

  test("what exists is not asked for its price again", async () => {
    let answer = listed("USD 5.00 / month");
    const { broker, made, ask } = await openAt("USD 5.00 / month", () => answer);
    await grant(broker, ask());
    answer = listed("USD 9.00 / month");
    await grant(broker, ask());
    expect(made()).toBe(1);
  });
});
