import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { parseCatalog } from "../../src/catalog/parse-catalog.ts";
import { selectPrice } from "../../src/catalog/select-price.ts";
import { sha256 } from "../../src/util/sha256.ts";
import { expectGolden } from "./expect-golden.ts";
import { printPrice } from "./print-price.ts";
import { readSharedCatalog } from "./shared-catalog.ts";

const shared = readSharedCatalog();

describe.skipIf(shared === undefined)("a real catalogue", () => {
  const { catalog, problems } = parseCatalog(shared ?? "");

  it("is read without a problem, and is named by the digest of its bytes", () => {
    expect(problems).toEqual([]);
    expect(catalog.services.size).toBe(161);
    expect(catalog.digest).toBe(sha256(shared ?? ""));
  });

  it("has the prices of the table that a person has read", () => {
    const rows = [...catalog.services.values()].flatMap((service) =>
      service.prices.map(({ text, price }) => {
        const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
        return `| ${service.reference} | ${shown.replaceAll("|", "\\|")} | ${printPrice(price)} |`;
      }),
    );
    const unique = [...new Set(rows)];
    const table = ["| service | text | understood as |", "|---|---|---|", ...unique, ""];
    expectGolden(table.join("\n"), resolve("test/catalog/golden/price-table.md"));
  });

  it("leaves no price fixed whose text speaks of use, ranges or offers", () => {
    for (const service of catalog.services.values())
      for (const { price, text } of service.prices)
        if (price.kind === "fixed")
          expect(text).toMatch(/^\$[\d,]+(?:\.\d\d)?(?:\/(?:month|mo)| per (?:month|year))$/u);
  });
});

describe("the snapshot", () => {
  const catalog = loadCatalog();

  it("holds the services that the adapters and templates name", () => {
    for (const reference of [
      "cloudflare/workers:free",
      "cloudflare/workers:paid",
      "cloudflare/workers",
      "cloudflare/d1",
      "cloudflare/r2:bucket",
      "cloudflare/kv",
      "cloudflare/queues",
      "cloudflare/registrar:domain",
      "resend/email",
      "neon/postgres",
      "supabase/project",
      "upstash/redis",
    ])
      expect(catalog.services.get(reference)?.available, reference).toBe(true);
  });

  it("prices what hangs on a plan by the plan that is active", () => {
    const d1 = catalog.services.get("cloudflare/d1");
    if (d1 === undefined) throw new Error("missing");
    const priceOn = (...plans: string[]) =>
      selectPrice(d1, { config: {}, plans: new Set(plans) })?.price.kind;
    expect(priceOn("workers:free")).toBe("free");
    expect(priceOn("workers:paid")).toBe("usage");
    expect(priceOn()).toBeUndefined();
    expect(priceOn("workers:free", "workers:paid")).toBeUndefined();
  });

  it("prices a tier by the configuration, and an unknown tier not at all", () => {
    const email = catalog.services.get("resend/email");
    if (email === undefined) throw new Error("missing");
    const priceOf = (config: Record<string, string>) =>
      selectPrice(email, { config, plans: new Set() })?.price.kind;
    expect(priceOf({})).toBe("free");
    expect(priceOf({ region: "eu" })).toBe("free");
    expect(priceOf({ plan: "pro" })).toBe("usage");
    expect(priceOf({ plan: "enterprise" })).toBeUndefined();
  });
});

describe("a malformed catalogue", () => {
  const service = {
    provider_name: "Acme",
    service_id: "box",
    kind: "deployable",
    scope: "project",
    availability: "available",
    categories: ["storage"],
    configuration_schema: {},
    pricing: { type: "free" },
  };
  const read = (services: unknown) => parseCatalog(JSON.stringify({ data: { services } }));

  it("gives an empty catalogue and says what is wrong", () => {
    for (const text of ["", "{", "null", "[]", '{"data":{}}', '{"data":{"services":{}}}']) {
      const { catalog, problems } = parseCatalog(text);
      expect(catalog.services.size).toBe(0);
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it("loses the bad entry, not its neighbours", () => {
    const { catalog, problems } = read([
      null,
      { ...service, service_id: "../etc" },
      { ...service, provider_name: "a b" },
      service,
      service,
    ]);
    expect([...catalog.services.keys()]).toEqual(["acme/box"]);
    expect(problems.map(({ path }) => path)).toEqual([
      "data.services[0]",
      "data.services[1]",
      "data.services[2]",
      "data.services[4]",
    ]);
  });

  it("prices as unknown what it cannot read, never as free", () => {
    for (const pricing of [
      undefined,
      null,
      {},
      { type: "gift" },
      { type: "paid" },
      { type: "paid", paid: { type: "freeform", freeform: 5 } },
      { type: "paid", paid_pricing: [{}] },
      { type: "component", component: { options: [] } },
      { type: "component", component: { options: [{ type: "paid", paid: null }] } },
      { type: "paid", paid: { type: "free", description: "14-day trial, $5/month after" } },
    ]) {
      const { catalog } = read([{ ...service, pricing }]);
      const prices = catalog.services.get("acme/box")?.prices ?? [];
      expect(prices.map(({ price }) => price.kind)).toEqual(["unknown"]);
    }
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        parseCatalog(json);
        read([{ ...service, pricing: JSON.parse(json), categories: JSON.parse(json) }]);
        read(JSON.parse(json));
      }),
    );
  });
});
