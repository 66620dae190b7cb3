import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Issuer } from "../../src/adapters/issuers/contract.ts";
import type { Step } from "../../src/broker/steps.ts";
import { readLog } from "../../src/log/read-log.ts";
import { createBench, dollars, grant, LIMITS, refuse, requests, setUp } from "./fakes/bench.ts";

/** Refusals about the request, which was the same each time. */
const FAULTS_OF_THE_REQUEST: readonly string[] = [
  "invalid_request",
  "body_not_readable",
  "body_not_decodable",
  "missing_service_id",
  "unknown_service",
  "requires_payment_credentials",
];
/** With those of the protocol, of OAuth (RFC 6749, 6750, 9449) and of payments that may speak of the repeat alone. */
const REFUSALS: readonly string[] = [
  ...FAULTS_OF_THE_REQUEST,
  "unauthorized",
  "forbidden",
  "invalid_token",
  "insufficient_scope",
  "use_dpop_nonce",
  "invalid_dpop_proof",
  "invalid_signature",
  "rate_limited",
  "expired",
  "access_denied",
  "card_declined",
  "invalid_state",
  "project_id_conflict",
  "billing_activation_failed",
];

describe("before any money moves", () => {
  it("refuses a price above the manifest's maximum", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const request = requests.domain(account, payment, { maxPrice: "10.43 USD" });
    const answer = await broker.handle(request);
    expect(answer).toMatchObject({
      code: "price_above_maximum",
      message: "the price of 10.44 USD is above the manifest's maximum of 10.43 USD",
    });
    expect(world.calls.get("registerDomain")).toBeUndefined();
  });

  it.each([
    ["transaction", { perTransaction: dollars(1043) }],
    ["run/run-1", { perRun: dollars(1043) }],
    ["total/2026-11", { total: dollars(1043) }],
    ["provider/cloudflare/2026-11", { perProvider: dollars(1043) }],
    ["category/domains/2026-11", { categories: { domains: dollars(1043) } }],
  ])("refuses what does not fit under the cap %s, and says so", async (cap, limits) => {
    const { open, world } = createBench();
    const broker = await open({ limits: { ...LIMITS, ...limits } });
    await broker.beginRun("run-1");
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const payment = (await grant(broker, requests.payment(account, { cap: "10.43 USD" }))).id;
    const answer = await broker.handle(requests.domain(account, payment));
    expect(answer).toMatchObject({ ok: false, code: "cap_exceeded" });
    expect(answer.ok ? "" : answer.message).toContain(`\`${cap}\``);
    expect(world.domains).toHaveLength(0);
  });

  it("refuses what does not fit under the payment token's own cap", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    const payment = (await grant(broker, requests.payment(account, { cap: "10.43 USD" }))).id;
    const answer = await broker.handle(requests.domain(account, payment));
    expect(answer).toMatchObject({ code: "cap_exceeded" });
    expect(world.calls.get("registerDomain")).toBeUndefined();
  });

  it("refuses a payment token that could take more than the caps", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const account = (await grant(broker, requests.account())).outputs.accountId;
    expect(await refuse(broker, requests.payment(account, { cap: "100.01 USD" }))).toBe(
      "cap_exceeded",
    );
    expect(await refuse(broker, requests.payment(account, { cap: "60.00 EUR" }))).toBe(
      "currency_mismatch",
    );
    expect(world.paymentTokens).toHaveLength(0);
  });

  it("lets no other currency slip past a cap", async () => {
    const { open, world } = createBench();
    world.currency = "EUR";
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const request = requests.domain(account, payment, { maxPrice: "12.00 EUR" });
    expect(await refuse(broker, request)).toBe("currency_mismatch");
    expect(await refuse(broker, requests.domain(account, payment))).toBe("currency_mismatch");
    expect(world.domains).toHaveLength(0);
  });

  it("stops at the count of domains, whatever they cost", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const buy = (n: number) =>
      broker.handle(requests.domain(account, payment, { domain: `shop-${n}.com` }, `d${n}`));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => buy(n)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    expect(world.domains).toHaveLength(2);
    expect(answers.filter((answer) => !answer.ok && answer.code === "count_exceeded")).toHaveLength(
      48,
    );
  });

  it("creates no service whose price is not known, and pays nothing for a free one", async () => {
    const { open, world } = createBench();
    const broker = await open({
      quoteService: (service) =>
        service === "cloudflare/workers"
          ? { price: { kind: "free" }, categories: ["compute"] }
          : { price: { kind: "unknown", text: "ask us" }, categories: ["compute"] },
    });
    const { account, payment } = await setUp(broker);
    expect(await refuse(broker, requests.service(account, payment))).toBe("price_unknown");
    await grant(broker, requests.service(account, payment, { service: "cloudflare/workers" }));
    expect((await broker.summary()).caps[0]).toMatchObject({ spent: "0.00 USD", held: "0.00 USD" });
    expect(world.resources).toHaveLength(2);
  });

  it("does nothing that the permission matrix does not permit", async () => {
    const { open, world } = createBench();
    const nothing = await open({ permits: () => false });
    expect(await refuse(nothing, requests.account())).toBe("not_permitted");
    const broker = await open({ permits: (verb) => verb !== "create-paid" });
    const { account, payment } = await setUp(broker);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("not_permitted");
    expect(await refuse(broker, requests.service(account, payment))).toBe("not_permitted");
    expect(world.domains).toHaveLength(0);
  });

  it("refuses inputs of another form", async () => {
    const { open } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    for (const overrides of [
      { maxPrice: "12" },
      { domain: "Example-Shop.com" },
      { domain: "example-shop.com/x" },
      { years: 0 },
      { years: 1.5 },
    ])
      expect(await refuse(broker, requests.domain(account, payment, overrides))).toBe(
        "bad_request",
      );
  });
});

describe("while money moves", () => {
  it("captures what was charged and releases the rest", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.surcharge = -44n;
    const { outputs } = await grant(broker, requests.domain(account, payment));
    expect(outputs.pricePaid).toBe("10.00 USD");
    const { caps } = await broker.summary();
    for (const cap of ["total/2026-11", "provider/cloudflare/2026-11", "category/domains/2026-11"])
      expect(caps.find((line) => line.cap === cap)).toMatchObject({
        spent: "10.00 USD",
        held: "0.00 USD",
      });
  });

  it("captures the whole hold when the provider does not say what it charged", async () => {
    const { open, world } = createBench();
    const vendor = {
      ...world.vendor,
      readDomain: async (input: Parameters<typeof world.vendor.readDomain>[0]) => {
        const answer = await world.vendor.readDomain(input);
        return answer.kind === "registered" ? { ...answer, price: undefined } : answer;
      },
    };
    world.pendingLooks = 1;
    const broker = await open({ vendors: { cloudflare: vendor } });
    const { account, payment } = await setUp(broker);
    const { outputs } = await grant(broker, requests.domain(account, payment));
    expect(outputs.pricePaid).toBe("10.44 USD");
  });

  it("freezes a provider that charges more than was held; only the hold is captured", async () => {
    const { open, world, home } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.surcharge = 1n;
    expect(await refuse(broker, requests.domain(account, payment))).toBe("charged_above_hold");
    const { caps, frozen } = await broker.summary();
    expect(caps[0]).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
    expect(frozen).toMatchObject([{ scope: "cloudflare", reason: "charged_above_hold" }]);
    expect(readLog(home).at(-1)).toMatchObject({
      name: "charged-above-hold",
      amount: "10.45 USD",
    });
    expect(await refuse(broker, requests.service(account, payment))).toBe("frozen");
    await broker.unfreeze("cloudflare", "checked");
    await grant(broker, requests.domain(account, payment));
    expect(world.domains).toHaveLength(1);
  });

  it("releases everything when the provider refuses", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["refused"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("refused_by_provider");
    const { caps, counts } = await broker.summary();
    expect(caps[0]).toMatchObject({ spent: "0.00 USD", held: "0.00 USD" });
    expect(counts[0]).toMatchObject({ count: "domains", used: 0 });
    await grant(broker, requests.domain(account, payment));
    expect(world.domains).toHaveLength(1);
  });

  it("keeps the money of an unknown outcome, over restarts and months, until it is known", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["lost"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    world.fates.set("readDomain", Array(9).fill("dropped"));
    const next = await open();
    expect(await refuse(next, requests.domain(account, payment))).toBe("outcome_unknown");
    const summary = await next.summary();
    expect(summary.caps[0]).toMatchObject({ spent: "0.00 USD", held: "10.44 USD" });
    expect(summary.open).toMatchObject([{ kind: "domain", waiting: "unknown", held: "10.44 USD" }]);
    world.fates.clear();
    clock.advance(25 * 86_400_000);
    const { outputs } = await grant(await open(), requests.domain(account, payment));
    expect(outputs.pricePaid).toBe("10.44 USD");
    expect(world.calls.get("registerDomain")).toBe(1);
  });

  it("sends a purchase that never arrived again, for the same price only", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const request = requests.domain(account, payment, { maxPrice: "20.00 USD" });
    world.fates.set("registerDomain", ["dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    world.price = 1100n;
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    expect(world.calls.get("registerDomain")).toBe(1);
    clock.advance(3_600_000);
    expect(await refuse(broker, request)).toBe("refused_by_provider");
    expect((await broker.summary()).caps[0]).toMatchObject({ held: "0.00 USD" });
    expect((await grant(broker, request)).outputs.pricePaid).toBe("11.00 USD");
    expect(world.domains).toHaveLength(1);
  });

  it("sends a purchase of an earlier month again only under this month's caps", async () => {
    const { home, open, world, clock } = createBench();
    const limits = { ...LIMITS, total: dollars(2000) };
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const request = requests.domain(account, payment);
    world.fates.set("registerDomain", ["dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    clock.advance(25 * 86_400_000);
    const december = await open({ limits });
    await grant(december, requests.domain(account, payment, { domain: "other.com" }, "other"));
    const answer = await december.handle(request);
    expect(answer).toMatchObject({ ok: false, code: "cap_exceeded" });
    expect(answer.ok ? "" : answer.message).toContain("`total/2026-12`");
    expect(world.calls.get("registerDomain")).toBe(2);
    expect((await december.summary()).open).toMatchObject([{ waiting: "unknown" }]);
    expect(readLog(home).at(-1)).toMatchObject({ name: "act-denied", code: "cap_exceeded" });

    const wider = await open({ limits: { ...limits, total: dollars(2088) } });
    await grant(wider, request);
    const totals = (await wider.summary()).caps.filter(({ cap }) => cap.startsWith("total/"));
    expect(totals.map(({ cap, held, spent }) => [cap, held, spent])).toEqual([
      ["total/2026-12", "0.00 USD", "20.88 USD"],
      ["total/2026-11", "0.00 USD", "10.44 USD"],
    ]);
    expect(world.domains).toHaveLength(2);
  });

  it("tells people before it sends one again that comes near this month's caps", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const request = requests.domain(account, payment);
    world.fates.set("registerDomain", ["dropped"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    clock.advance(25 * 86_400_000);
    const limits = { ...LIMITS, total: dollars(1050) };
    const unheard = await open({ limits, sinks: [] });
    expect(await refuse(unheard, request)).toBe("alert_not_accepted");
    expect(world.calls.get("registerDomain")).toBe(1);
    await grant(await open({ limits }), request);
  });

  it("sends again what was recorded; that it is to renew by itself now is an act of its own, under the caps", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["dropped"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    const renewing = requests.domain(account, payment, { autoRenew: true });
    const narrow = await open({ limits: { ...LIMITS, categories: { domains: dollars(1_043) } } });
    expect(await refuse(narrow, renewing)).toBe("cap_exceeded");
    expect(world.calls.get("registerDomain")).toBe(2);
    expect(world.domains).toMatchObject([{ autoRenew: false }]);
    const wide = await open();
    await grant(wide, renewing);
    expect(world.domains).toMatchObject([{ autoRenew: true }]);
    expect(world.calls.get("registerDomain")).toBe(2);
  });

  it("takes over a domain that the account already holds, without paying", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.domains.push({
      name: "example-shop.com",
      price: 1044n,
      autoRenew: false,
      looks: 0,
      state: "ok",
    });
    await grant(broker, requests.domain(account, payment));
    expect(world.calls.get("registerDomain")).toBeUndefined();
    const { caps } = await broker.summary();
    expect(caps[0]).toMatchObject({ spent: "0.00 USD", held: "0.00 USD" });
    expect(caps.find(({ cap }) => cap === "commitments")).toMatchObject({ spent: "10.44 USD" });
  });

  it.each([
    ["as quoted", [], 1044],
    ["as the manifest's maximum where nothing is quoted", ["refused" as const], 1200],
  ])("counts the renewal of a domain that it takes over %s", async (_, fates, minor) => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const held = { name: "example-shop.com", price: 1044n, looks: 0, state: "ok" } as const;
    world.domains.push({ ...held, autoRenew: false });
    const request = requests.domain(account, payment, { autoRenew: true });
    const under = async (most: number) => {
      world.fates.set("quoteDomain", [...fates]);
      return open({ limits: { ...LIMITS, categories: { domains: dollars(most) } } });
    };
    expect(await (await under(minor - 1)).handle(request)).toMatchObject({ code: "cap_exceeded" });
    expect(world.domains).toMatchObject([{ autoRenew: false }]);
    await grant(await under(minor), request);
    expect(world.domains).toMatchObject([{ autoRenew: true }]);
    expect(world.calls.get("registerDomain")).toBeUndefined();
  });
});

describe("a refusal after a doubt", () => {
  it("promise 3: an issuer's no to a repeat tells nothing of a purchase that may have been made", async () => {
    const bench = createBench();
    const { world } = bench;
    let isWilling = true;
    const reveal: Issuer["reveal"] = async (token) =>
      isWilling
        ? { kind: "revealed", type: "card", credential: token }
        : { kind: "refused", code: "absent" };
    const broker = await bench.open({ issuers: [{ ...world.issuer, reveal }] });
    const { account, payment } = await setUp(broker);
    const request = requests.service(account, payment);
    world.fates.set("createResource", ["lost", "unreachable"]);
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    isWilling = false;
    expect(await refuse(broker, request)).toBe("outcome_unknown");
    isWilling = true;
    await grant(broker, request);
    expect(world.resources.filter(({ service }) => service === "r2:bucket")).toHaveLength(1);
  });

  it("promise 3: a service whose purchase was lost is not given up because it can't be sent again", async () => {
    const bench = createBench();
    const { world } = bench;
    const { orchestrator } = world;
    let isSpent = false;
    const limited: typeof orchestrator = {
      ...orchestrator,
      createResource: async (input) =>
        isSpent
          ? { kind: "refused", code: "spend_limit_reached", unsent: true }
          : orchestrator.createResource(input),
    };
    const broker = await bench.open({ orchestrators: { cloudflare: [limited] } });
    const { account, payment } = await setUp(broker);
    world.fates.set("createResource", ["lost", "dropped"]);
    const buy = () => refuse(broker, requests.service(account, payment));
    expect(await buy()).toBe("outcome_unknown");
    isSpent = true;
    expect([await buy(), await buy()]).toEqual(["outcome_unknown", "outcome_unknown"]);
    const held = (await broker.summary()).caps.find(({ cap }) => cap === "total/2026-11")?.held;
    expect(held).toBe("5.00 USD");
    isSpent = false;
    await grant(broker, requests.service(account, payment));
    expect(world.resources.filter(({ service }) => service === "r2:bucket")).toHaveLength(1);
  });

  it("that says nothing about the first attempt leaves the money held", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("createResource", ["lost", "unreachable"]);
    expect(await refuse(broker, requests.service(account, payment))).toBe("outcome_unknown");
    expect((await broker.summary()).caps[0]).toMatchObject({ held: "5.00 USD" });
    await grant(broker, requests.service(account, payment));
    expect(world.resources.filter(({ service }) => service === "r2:bucket")).toHaveLength(1);
  });

  it("promise 3: one act, once: what is pending is not given up because a repeat reached nobody", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("createResource", ["pending", "unreachable", "unreachable"]);
    world.fates.set("readResource", Array(100).fill("pending"));
    expect(await refuse(broker, requests.service(account, payment))).toBe("still_pending");
    expect(await refuse(broker, requests.service(account, payment))).toBe("outcome_unknown");
    expect((await broker.summary()).caps[0]).toMatchObject({ held: "5.00 USD" });
    world.fates.clear();
    await grant(broker, requests.service(account, payment));
    expect(world.resources.filter(({ service }) => service === "r2:bucket")).toHaveLength(1);
  });

  it("promise 3: one act, once: a name that was taken may have been taken by us", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["dropped"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    clock.advance(3_600_000);
    world.fates.set("quoteDomain", ["refused"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    expect((await broker.summary()).caps[0]).toMatchObject({ held: "10.44 USD" });
    await grant(broker, requests.domain(account, payment));
    expect(world.domains).toHaveLength(1);
  });

  it("promise 3: one act, once: what was registered all the same is seen by a look after the refusal", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["dropped", "refused"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    const bought = { price: 1044n, autoRenew: false, looks: 0, state: "ok" } as const;
    const late = await open({
      observer: {
        // The registrar's list shows it only after it has refused the same name a second time.
        async observe({ kind, name, point }: Step) {
          if (kind === "domain" && name === "dispatch" && point === "after")
            world.domains.push({ name: "example-shop.com", ...bought });
        },
      },
    });
    await grant(late, requests.domain(account, payment));
    expect((await late.summary()).caps[0]).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
  });

  it("promise 3: one act, once: a lost answer and then a refusal with any code never makes a second act", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...REFUSALS), fc.stringMatching(/^[a-z][a-z_]{0,30}$/)),
        fc.constantFrom("dropped", "lost"),
        async (code, first) => {
          const { open, world } = createBench();
          const broker = await open();
          const { account, payment } = await setUp(broker);
          world.fates.set("createResource", [first, `refused ${code}`, `refused ${code}`]);
          const request = requests.service(account, payment);
          const failure = await refuse(broker, request);
          const isReleased = failure === "refused_by_provider";
          expect(isReleased).toBe(FAULTS_OF_THE_REQUEST.includes(code));
          if (isReleased) return;
          expect((await broker.summary()).caps[0]).toMatchObject({ held: "5.00 USD" });
          const later = await open();
          await grant(later, request);
          expect((await later.summary()).caps[0]).toMatchObject({ spent: "5.00 USD" });
          expect(world.resources.filter(({ service }) => service === "r2:bucket")).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    ));

  it.each(["permission_group_unknown", "unauthorized"])(
    "ends an access token's act, for which earlier attempts are looked up and revoked: %s",
    async (code) => {
      const { open, world } = createBench();
      const broker = await open();
      const { account } = await setUp(broker);
      world.fates.set("issueToken", ["lost", `refused ${code}`]);
      expect(await refuse(broker, requests.access(account))).toBe("refused_by_provider");
      expect((await broker.summary()).open).toEqual([]);
      expect(world.accessTokens.filter(({ gone }) => !gone)).toEqual([]);
    },
  );

  it("ends a session's refresh, which makes nothing, so that a paid service isn't queued for a provider that answers", async () => {
    const { open, world, clock } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    clock.advance(3_600_000);
    world.fates.set("refresh", ["dropped", "refused invalid_grant", "refused invalid_grant"]);
    world.fates.set("requestAccount", ["dropped", ...Array(9).fill("refused access_denied")]);
    expect(await refuse(broker, requests.service(account, payment))).toBe("purchase_queued");
    const other = requests.service(account, payment, {}, "other");
    expect(await refuse(broker, other)).toBe("refused_by_provider");
    // The first, which met an outage, keeps its place.
    const { open: still, caps } = await broker.summary();
    expect(still.map(({ identity, waiting }) => [identity.resource, waiting])).toEqual([
      ["mail", "queued"],
    ]);
    expect(caps[0]).toMatchObject({ held: "5.00 USD" });
  });

  it("that does releases it", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("createResource", ["dropped", "refused invalid_request"]);
    expect(await refuse(broker, requests.service(account, payment))).toBe("refused_by_provider");
    expect((await broker.summary()).caps[0]).toMatchObject({ spent: "0.00 USD", held: "0.00 USD" });
  });
});

describe("a registration that takes its time", () => {
  it("is waited for", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.pendingLooks = 5;
    await grant(broker, requests.domain(account, payment));
    expect(world.calls.get("registerDomain")).toBe(1);
  });

  it("is still pending while looks fail or show nothing yet", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.pendingLooks = 1;
    world.fates.set("readDomain", [undefined, "dropped", "refused", "dropped"]);
    await grant(broker, requests.domain(account, payment));
    expect(world.calls.get("registerDomain")).toBe(1);
  });

  it("is not waited for without end, keeps its money, and is taken up again", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.pendingLooks = 1_000;
    expect(await refuse(broker, requests.domain(account, payment))).toBe("still_pending");
    expect((await broker.summary()).open).toMatchObject([{ waiting: "pending" }]);
    for (const domain of world.domains) domain.looks = 0;
    await grant(broker, requests.domain(account, payment));
    expect(world.calls.get("registerDomain")).toBe(1);
  });

  it("asks for a person, and keeps its money until one came", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.domainEnd = "action";
    expect(await refuse(broker, requests.domain(account, payment))).toBe("action_required");
    expect((await broker.summary()).caps[0]).toMatchObject({ held: "10.44 USD" });
    for (const domain of world.domains) domain.state = "ok";
    await grant(broker, requests.domain(account, payment));
    expect(world.calls.get("registerDomain")).toBe(1);
  });
});

describe("a freeze", () => {
  it("lets no money be held and no power be handed out, while power can still be taken away", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    const token = await grant(broker, requests.access(account));
    await broker.freeze("all", "drill");
    const next = await open();
    expect(await refuse(next, requests.domain(account, payment))).toBe("frozen");
    expect(await refuse(next, requests.secret())).toBe("frozen");
    expect((await next.summary()).open).toEqual([]);
    expect(await next.renewCredentials("shop", "prod")).toMatchObject({ renewed: [] });
    const { identity } = requests.access(account);
    expect(
      await next.handle({ verb: "delete", kind: "access-token", identity, id: token.id }),
    ).toEqual({ ok: true, gone: true });
    expect(world.accessTokens.every(({ gone }) => gone)).toBe(true);
  });

  it("that falls between record and dispatch stops the dispatch", async () => {
    const { open, world } = createBench();
    const broker = await open({
      observer: {
        async observe({ kind, name, point }) {
          if (kind === "domain" && name === "export" && point === "before")
            await broker.freeze("cloudflare", "drill");
        },
      },
    });
    const { account, payment } = await setUp(broker);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("frozen");
    expect(world.calls.get("registerDomain")).toBeUndefined();
  });
});

describe("the same key", () => {
  it("never stands for other inputs while its act is open", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    world.fates.set("registerDomain", ["lost"]);
    expect(await refuse(broker, requests.domain(account, payment))).toBe("outcome_unknown");
    for (const overrides of [{ domain: "other-shop.com" }, { years: 2 }])
      expect(
        await refuse(
          broker,
          requests.domain(account, payment, { maxPrice: "40.00 USD", ...overrides }),
        ),
      ).toBe("payload_changed");
    expect(world.domains).toHaveLength(1);
    expect(world.calls.get("registerDomain")).toBe(1);
  });

  it("never stands for other inputs once the thing exists", async () => {
    const { open, world } = createBench();
    const broker = await open();
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    const other = requests.domain(account, payment, { domain: "other-shop.com" });
    expect(await refuse(broker, other)).toBe("immutable_input");
    const principal = "other@example.com";
    expect(await refuse(broker, requests.account({ principal }))).toBe("immutable_input");
    expect(world.domains).toHaveLength(1);
    expect(world.accounts).toHaveLength(1);
  });
});
