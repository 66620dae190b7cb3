import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { parseCatalog } from "../../src/catalog/parse-catalog.ts";
import { estimateCost } from "../../src/compiler/3-policy/estimate-cost.ts";
import { evaluatePolicy } from "../../src/compiler/3-policy/evaluate-policy.ts";
import type { Charge } from "../../src/compiler/3-policy/policy-result.ts";
import { policyToJson } from "../../src/compiler/3-policy/policy-to-json.ts";
import { canonicalJson } from "../../src/util/canonical-json.ts";
import { formatMoney, type Money } from "../../src/util/money.ts";
import { compileText, manifestOf, STOREFRONT, STOREFRONT_GUARDRAILS } from "./compile-text.ts";

const guard = (text: string): string => `apiVersion: supercargo/v1\n${text}\n`;
const DOMAIN = "  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }";
const print = (amounts: readonly Money[]): readonly string[] => amounts.map(formatMoney);
const usd = (minor: bigint): Money => ({ currency: "USD", minor });

/** A catalogue with one service whose price text is given. */
function catalogOf(freeform: string, provider = "Acme") {
  const service = {
    provider_name: provider,
    service_id: "box",
    kind: "deployable",
    scope: "project",
    availability: "available",
    categories: ["storage", "cdn"],
    configuration_schema: {},
    pricing: { type: "paid", paid: { type: "freeform", freeform } },
  };
  return parseCatalog(JSON.stringify({ data: { services: [service] } })).catalog;
}

const BOX = "  box: { kind: service, service: acme/box }";
const boxAt = (price: string, guardrails = "", stack = "prod") =>
  compileText(manifestOf(BOX), { catalog: catalogOf(price), guardrails: guard(guardrails), stack });

describe("the storefront", () => {
  const { policy } = compileText(STOREFRONT, { guardrails: STOREFRONT_GUARDRAILS });

  it("costs a domain at once, nothing fixed a month, and the domain again every year", () => {
    expect(print(policy.cost.oneTime)).toEqual(["10.44 USD"]);
    expect(print(policy.cost.monthly)).toEqual(["0.00 USD"]);
    expect(print(policy.cost.yearlyCommitment)).toEqual(["10.44 USD"]);
    expect(policy.cost.usageBased.map(({ resource }) => resource)).toEqual(["media"]);
    expect(policy.cost.unknown).toEqual([]);
    const [cloudflare] = policy.cost.byProvider;
    expect(policyToJson(policy)).toMatchObject({
      cost: {
        byProvider: [
          {
            name: "cloudflare",
            oneTime: "10.44 USD",
            monthly: "0.00 USD",
            cap: "60.00 USD",
            leftAfter: "49.56 USD",
          },
        ],
        byCategory: [{ name: "domains", cap: "15.00 USD", leftAfter: "4.56 USD" }],
      },
    });
    expect(cloudflare?.name).toBe("cloudflare");
  });

  it("needs a person on a live stack, for the money and because a domain cannot be given back", () => {
    expect(policy.approvals.map(({ reason, resource }) => `${reason} ${resource}`)).toEqual([
      "paid address",
      "paid media",
      "irreversible address",
    ]);
    expect(policy.requiresApproval).toBe(true);
    expect(policy.irreversible.map(({ act }) => act)).toEqual([
      "registers example-shop.com for 1 year",
    ]);
    expect(policy.approvals[0]?.location.range.start.line).toBe(12);
  });

  it("needs nobody in the sandbox", () => {
    const local = compileText(STOREFRONT, { guardrails: STOREFRONT_GUARDRAILS, stack: "local" });
    expect(local.policy.requiresApproval).toBe(false);
    expect(local.policy.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("needs nobody for what is there already, and then only the new month is due", () => {
    const existing = new Set(["address", "media"]);
    const again = compileText(STOREFRONT, { guardrails: STOREFRONT_GUARDRAILS, existing }).policy;
    expect(again.requiresApproval).toBe(false);
    expect(print(again.cost.oneTime)).toEqual(["0.00 USD"]);
    expect(print(again.cost.yearlyCommitment)).toEqual(["10.44 USD"]);
    expect(again.irreversible).toEqual([]);
  });

  it("asks for each right once and says what for", () => {
    const names = policy.permissions.map(
      ({ provider, group, scope }) => `${provider} ${scope} ${group}`,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const { because } of policy.permissions) expect(because.length).toBeGreaterThan(0);
  });

  it("is frozen throughout and becomes JSON with money as text", () => {
    expect(Object.isFrozen(policy)).toBe(true);
    expect(Object.isFrozen(policy.cost.byProvider[0]?.cap)).toBe(true);
    const text = canonicalJson(policyToJson(policy));
    expect(JSON.parse(text)).toEqual(policyToJson(policy));
    expect(text).not.toContain('"minor"');
  });
});

it("has no objection to any template of the repository", () => {
  for (const name of readdirSync("templates")) {
    const read = (file: string): string | undefined => {
      const path = join("templates", name, file);
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    };
    const { policy } = compileText(read("supercargo.yaml") ?? "", {
      guardrails: read("guardrails.yaml"),
      stack: "local",
    });
    expect(
      policy.findings.filter(({ severity }) => severity === "error"),
      name,
    ).toEqual([]);
  }
});

describe("caps of other scopes and windows", () => {
  const check = (caps: string) =>
    compileText(manifestOf(DOMAIN), { guardrails: guard(`caps: { ${caps} }`), stack: "local" })
      .policy;

  it.each([
    "perProject: 10 USD",
    "perStack: 10 USD",
    "perAgent: 10 USD",
    "windows: [{ scope: provider, only: cloudflare, amount: 10 USD, window: 24h }]",
    "windows: [{ scope: category, only: domains, amount: 10 USD, window: month }]",
    "windows: [{ scope: agent, amount: 10 USD, window: day }]",
  ])("holds the plan against %s", (caps) => {
    expect(check(caps).findings.map(({ code }) => code)).toContain("SC4005");
  });

  it("leaves alone what a cap is not for", () => {
    const policy = check("windows: [{ scope: provider, only: other, amount: 1 USD, window: 24h }]");
    expect(policy.cost.others).toEqual([]);
    expect(policy.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("counts a domain's renewal as a commitment", () => {
    expect(check("commitments: 10.43 USD").findings.map(({ code }) => code)).toContain("SC4020");
    expect(check("commitments: 10.44 USD").findings.map(({ code }) => code)).not.toContain(
      "SC4020",
    );
  });
});

describe("what may be used at all", () => {
  it("refuses a provider that is not named", () => {
    const { codes, policy } = compileText(
      manifestOf("  mail: { kind: service, service: resend/email }"),
      {
        guardrails: guard("allowed: { providers: [cloudflare] }"),
      },
    );
    expect(codes).toEqual(["SC4001"]);
    expect(policy.findings[0]?.message).toContain("`resend`");
  });

  it("refuses a service that no pattern covers", () => {
    const guardrails = guard('allowed: { services: ["cloudflare/*", "resend/email"] }');
    const place = (resource: string) =>
      compileText(manifestOf(`  it: ${resource}`), { guardrails, stack: "local" }).codes;
    expect(place("{ kind: service, service: resend/email }")).not.toContain("SC4002");
    expect(place("{ kind: kv }")).not.toContain("SC4002");
    expect(place("{ kind: service, service: upstash/redis }")).toContain("SC4002");
  });

  it("refuses an ending that is not named", () => {
    const registers = (domain: string) =>
      compileText(manifestOf(`  it: { kind: domain, domain: ${domain}, maxPrice: 50.00 USD }`), {
        guardrails: guard("allowed: { tlds: [com, co.uk, uk] }"),
        stack: "local",
      }).codes;
    expect(registers("example.com")).not.toContain("SC4003");
    expect(registers("example.co.uk")).not.toContain("SC4003");
    expect(registers("example.org.uk")).toContain("SC4003");
    expect(registers("example.uk.com")).toContain("SC4003");
    expect(registers("example.dev")).toContain("SC4003");
  });

  it("refuses what the catalogue does not have", () => {
    const { codes } = compileText(manifestOf("  data: { kind: kv }"), {
      catalog: catalogOf("$1/month"),
      stack: "local",
    });
    expect(codes.filter((code) => code === "SC3011").length).toBeGreaterThan(0);
  });
});

describe("counts", () => {
  it("refuses one domain, account or token too many", () => {
    const two = `${DOMAIN}\n  other: { kind: domain, domain: example-shop.net, maxPrice: 12.00 USD }`;
    const count = (counts: string, resources = two) =>
      compileText(manifestOf(resources), {
        guardrails: guard(`counts: ${counts}`),
        stack: "local",
      });
    expect(count("{ domains: 2 }").codes).not.toContain("SC4004");
    const { policy } = count("{ domains: 1 }");
    const found = policy.findings.find(({ code }) => code === "SC4004");
    expect(found?.path).toBe("resources.other");
    expect(policy.counts.domains).toEqual({ used: 2, limit: 1 });
    const mail = "  mail: { kind: service, service: resend/email }";
    expect(count("{ accounts: 1 }").codes).not.toContain("SC4004");
    expect(count("{ accounts: 1 }", `${two}\n${mail}`).codes).toContain("SC4004");
    expect(count("{ tokens: 0 }").codes).toContain("SC4004");
  });
});

describe("caps", () => {
  it.each([
    ["$40/month", "caps: { perTransaction: 39.99 USD }", "SC4006", "one purchase"],
    ["$40/month", "caps: { perRun: 39.99 USD }", "SC4006", "one run"],
    ["$40/month", "caps: { perProvider: 39.99 USD }", "SC4006", "the provider acme in a month"],
    [
      "$40/month",
      "caps: { total: 39.99 USD, perProvider: 39.99 USD }",
      "SC4006",
      "all providers in a month",
    ],
    [
      "$40/month",
      "caps: { categories: { cdn: 39.99 USD } }",
      "SC4006",
      "the category cdn in a month",
    ],
    ["$40 one-time", "caps: { perRun: 39.99 USD }", "SC4005", "one run"],
    ["$40/year", "caps: { perProvider: 39.99 USD }", "SC4005", "the provider acme in a month"],
    ["$10/week", "caps: { perProvider: 49.99 USD }", "SC4006", "the provider acme in a month"],
    [
      "$40/month plus usage",
      "caps: { perProvider: 39.99 USD }",
      "SC4006",
      "the provider acme in a month",
    ],
  ])("%s is above %s", (price, guardrails, code, what) => {
    const { policy } = boxAt(price, guardrails, "local");
    const messages = policy.findings
      .filter((finding) => finding.code === code)
      .map(({ message }) => message);
    expect(messages.some((message) => message.includes(what))).toBe(true);
  });

  it.each([
    [
      "$40/month",
      "caps: { perTransaction: 40.00 USD, perRun: 40.00 USD, perProvider: 40.00 USD, total: 40.00 USD }",
    ],
    [
      "$40 one-time",
      "caps: { perTransaction: 40.00 USD, perRun: 40.00 USD, perProvider: 40.00 USD, total: 40.00 USD }",
    ],
  ])("%s is within %s, to the cent", (price, guardrails) => {
    const { policy } = boxAt(price, guardrails, "local");
    expect(policy.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(policy.findings.map(({ message }) => message).join()).toContain("100 per cent");
  });

  it("sees that a purchase and a month together are too much", () => {
    const { codes } = compileText(
      manifestOf(`${DOMAIN}\n${BOX}`.replace("acme/box", "supabase/pro")),
      {
        guardrails: guard("caps: { perRun: 30.00 USD }"),
        stack: "local",
      },
    );
    expect(codes).toContain("SC4015");
  });

  it("does not add up, convert or let through another currency", () => {
    const { policy, codes } = boxAt("9 EUR/month", "", "local");
    expect(codes).toContain("SC4016");
    expect(print(policy.cost.monthly)).toEqual(["0.00 USD", "9.00 EUR"]);
    expect(formatMoney(policy.cost.total.monthly)).toBe("0.00 USD");
  });

  it("refuses a domain that costs more than its own maxPrice", () => {
    const at = (maxPrice: string, years = 1) =>
      compileText(
        manifestOf(
          `  it: { kind: domain, domain: example.com, years: ${years}, maxPrice: ${maxPrice} }`,
        ),
        { stack: "local" },
      ).codes;
    expect(at("10.44 USD")).not.toContain("SC4012");
    expect(at("10.43 USD")).toContain("SC4012");
    expect(at("12.00 USD", 2)).toContain("SC4012");
  });
});

describe("what a person must approve", () => {
  it.each([
    ["$5/month", "", ["paid box"]],
    ["$5/month", "approvals: { paid: false }", []],
    ["$0.10/GB", "", ["paid box"]],
    ["$0.10/GB", "approvals: { paid: false }", []],
    ["Free", "", []],
    ["paid", "", ["unknown-price box"]],
    ["paid", "approvals: { paid: false, irreversible: false }", ["unknown-price box"]],
    ["from $5/month", "approvals: { paid: false, irreversible: false }", ["unknown-price box"]],
  ])("%s with %j: %j", (price, guardrails, expected) => {
    const { policy } = boxAt(price, guardrails);
    expect(policy.approvals.map(({ reason, resource }) => `${reason} ${resource}`)).toEqual(
      expected,
    );
    expect(policy.requiresApproval).toBe(expected.length > 0);
    expect(boxAt(price, guardrails, "local").policy.requiresApproval).toBe(false);
  });

  it("a price that hangs on an unknown plan is unknown", () => {
    const alone = "  db: { kind: service, service: neon/postgres }";
    expect(compileText(manifestOf(alone)).codes).toContain("SC4007");
    const planned = `${alone}\n  plan: { kind: service, service: neon/free }`;
    const { policy, codes } = compileText(manifestOf(planned));
    expect(codes).not.toContain("SC4007");
    expect(policy.requiresApproval).toBe(false);
  });

  it("an ending without a price counts with the most that it may cost, and is unknown", () => {
    const { policy } = compileText(
      manifestOf("  it: { kind: domain, domain: example.shop, maxPrice: 30.00 USD }"),
      { guardrails: guard("allowed: { tlds: [shop] }") },
    );
    expect(print(policy.cost.oneTime)).toEqual(["30.00 USD"]);
    expect(policy.cost.unknown.map(({ resource }) => resource)).toEqual(["it"]);
    expect(policy.approvals.map(({ reason }) => reason)).toEqual(["unknown-price", "irreversible"]);
  });
});

describe("the permission matrix", () => {
  it("asks for a verb for each thing that comes to be", () => {
    const verbsWith = (permitted: string, resources: string) =>
      compileText(manifestOf(resources), {
        guardrails: guard(
          `permissions:\n  - { effect: permit, subject: agent, verbs: [${permitted}] }`,
        ),
        stack: "local",
      }).policy.findings.flatMap(({ code, message }) =>
        code === "SC4010" ? [/may not (\S+)/u.exec(message)?.[1]] : [],
      );
    const app = "  shop: { kind: app, source: ./app }";
    expect(verbsWith("read", app)).toEqual(["create-free", "deploy", "issue-token"]);
    expect(verbsWith("create-free, deploy, issue-token", app)).toEqual([]);
    expect(verbsWith("read", "  key: { kind: secret }")).toEqual(["create-free"]);
    expect(verbsWith("create-free", "  media: { kind: bucket }")).toEqual([
      "create-paid",
      "issue-token",
    ]);
    const unpriced = "  db: { kind: service, service: neon/postgres }";
    expect(verbsWith("create-free", unpriced)).toEqual(["create-paid"]);
  });

  it("names the verb that the agent lacks", () => {
    const guardrails = guard(`permissions:
  - { effect: permit, subject: agent, verbs: [create-free, deploy, issue-token] }
  - { effect: permit, subject: "agent:build-bot", verbs: [create-paid], kinds: [domain] }
  - { effect: forbid, subject: "*", verbs: [renew] }`);
    const { policy } = compileText(
      manifestOf(
        `${DOMAIN.replace(" }", ", autoRenew: true }")}\n  media: { kind: bucket }\n  data: { kind: kv }`,
      ),
      { guardrails, stack: "local" },
    );
    const denials = policy.findings
      .filter(({ code }) => code === "SC4010")
      .map(({ message }) => message);
    expect(denials).toEqual([
      "the agent:build-bot may not renew `address` of the kind domain: a rule forbids it",
      "the agent:build-bot may not create-paid `media` of the kind bucket: no rule permits it",
    ]);
  });
});

describe("a person who acts", () => {
  it("is held to the rules for people, not to those for the agent", () => {
    const guardrails = guard(`permissions:
  - { effect: permit, subject: human, verbs: [create-free, deploy, issue-token] }`);
    const manifest = manifestOf("  shop: { kind: app, source: ./app }");
    const { model, lowered, codes } = compileText(manifest, { guardrails, stack: "local" });
    expect(codes).toContain("SC4010");
    const input = { model, lowered, catalog: loadCatalog(), person: true };
    const { findings } = evaluatePolicy(input, { report: () => undefined });
    expect(findings.map(({ code }) => code)).not.toContain("SC4010");
  });
});

describe("a vendor that says less than it should", () => {
  const { model, lowered } = compileText(
    manifestOf(
      `${DOMAIN}\n  mail: { kind: service, service: resend/email, config: { plan: pro } }`,
    ),
  );

  it("cannot keep a domain or a service off the bill", () => {
    const silent = lowered.map((part) => ({ ...part, prices: [] }));
    const policy = evaluatePolicy(
      { model, lowered: silent, catalog: loadCatalog() },
      { report: () => undefined },
    );
    expect(policy.charges.map(({ resource, kind }) => `${resource} ${kind}`)).toEqual([
      "address one-time",
      "mail usage",
    ]);
    expect(policy.approvals.map(({ reason, resource }) => `${reason} ${resource}`)).toEqual([
      "paid address",
      "paid mail",
      "irreversible address",
    ]);
  });

  it("cannot call the purchase of a domain reversible", () => {
    const playedDown = lowered.map((part) => ({
      ...part,
      prices: part.prices.map((item) => ({ ...item, irreversible: false })),
    }));
    const policy = evaluatePolicy(
      { model, lowered: playedDown, catalog: loadCatalog() },
      { report: () => undefined },
    );
    expect(policy.irreversible.map(({ resource }) => resource)).toEqual(["address"]);
  });

  it("cannot sell what the catalogue says is not available", () => {
    const { services, ...catalog } = loadCatalog();
    const closed = new Map(
      [...services].map(([name, service]) => [name, { ...service, available: false }]),
    );
    const { policy } = compileText(manifestOf("  data: { kind: kv }"), {
      stack: "local",
      catalog: { ...catalog, services: closed },
    });
    expect(policy.findings.map(({ code }) => code)).toContain("SC3015");
  });
});

const money = fc.option(
  fc.record({ currency: fc.constantFrom("USD", "USD", "EUR"), minor: fc.bigInt(0n, 10n ** 9n) }),
  { nil: undefined },
);
const start = { line: 1, column: 1 };
const charge: fc.Arbitrary<Charge> = fc.record({
  resource: fc.constantFrom("a", "b", "c"),
  service: fc.constant("x/y"),
  provider: fc.constantFrom("x", "y", "z"),
  categories: fc.subarray(["domains", "storage"]),
  kind: fc.constantFrom("fixed", "one-time", "usage", "unknown"),
  oneTime: money,
  monthly: money,
  yearly: money,
  rates: fc.constant([]),
  source: fc.constant("catalogue"),
  text: fc.constant(""),
  irreversible: fc.boolean(),
  exists: fc.boolean(),
  location: fc.constant({ file: "", path: "", range: { start, end: start } }),
});

describe("for any bill", () => {
  const limits = {
    perProvider: usd(10_000n),
    total: usd(25_000n),
    perRun: usd(10_000n),
    perTransaction: usd(5_000n),
    categories: { domains: usd(1_500n) },
    counts: { domains: 2, accounts: 5, tokens: 20 },
    alerts: [50],
  };

  it("the providers add up to the total, and what is left is the cap less what is planned", () => {
    fc.assert(
      fc.property(fc.array(charge), (charges) => {
        const cost = estimateCost(charges, limits, {
          project: "shop",
          stack: "prod",
          subject: "agent:build-bot",
        });
        const sum = (part: "oneTime" | "monthly") =>
          cost.byProvider.reduce((all, use) => all + use[part].minor, 0n);
        expect(sum("oneTime")).toBe(cost.total.oneTime.minor);
        expect(sum("monthly")).toBe(cost.total.monthly.minor);
        for (const use of [...cost.byProvider, ...cost.byCategory, cost.total, cost.perRun])
          expect(use.leftAfter.minor).toBe(use.cap.minor - use.oneTime.minor - use.monthly.minor);
        expect(cost.perRun.monthly.minor <= cost.total.monthly.minor).toBe(true);
      }),
    );
  });
});

it("takes time in proportion to the manifest, and reports no more than can be read", () => {
  const resources = Array.from({ length: 3000 }, (_, i) => `  b${i}: { kind: bucket }`).join("\n");
  const { policy, model, lowered } = compileText(manifestOf(resources));
  expect(policy.approvals.length).toBe(3000);
  expect(policy.findings.length).toBeLessThanOrEqual(202);
  expect(model.resources.length).toBe(3000);
  expect(lowered.length).toBe(1);
});
