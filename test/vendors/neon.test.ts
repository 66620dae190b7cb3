import { describe, expect, test } from "vitest";
import neon from "../../src/adapters/vendors/neon/index.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { createPermits } from "../../src/operations/create-permits.ts";
import { createPersonPermits } from "../../src/operations/create-person-permits.ts";
import { listServedKinds } from "../../src/operations/list-served-kinds.ts";
import { toReviewSteps } from "../../src/operations/review-steps.ts";
import { checkRemovals } from "../../src/review/check-removals.ts";
import type { EngineStep } from "../../src/review/engine-step.ts";
import { compileText, errorsOf, manifestWith } from "../compile/compile-text.ts";
import { APP, findResource, lowerFor, ownOf } from "./function-vendor.ts";
import { plainValue } from "./plain-value.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(neon);

type Resources = Readonly<Record<string, object>>;

const DATABASE = { kind: "database", provider: "neon" };
const KV = { kind: "kv", provider: "neon" };

function compileWith(resources: Resources, rules = "", stack = "local"): Promise<CompileResult> {
  const text = `apiVersion: supercargo/v1\n${rules}`;
  return compileText(manifestWith(resources), {
    guardrails: { path: "guardrails.yaml", text },
    stack,
  });
}

describe("a resource at Neon", () => {
  test("is a service of its own, ordered once the account is on the free plan", async () => {
    const lowered = await lowerFor(neon, {
      orders: { kind: "database" },
      seen: { kind: "kv" },
      raw: { kind: "service", service: "neon/postgres" },
    });
    const services = lowered.resources.filter(({ type }) => type === "supercargo_service_instance");
    expect(
      services.map(({ name, origin, args, dependsOn }) => [name, origin, args.service, dependsOn]),
    ).toEqual([
      ["neon.plan", undefined, "neon/free", undefined],
      ["orders", "orders", "neon/postgres", ["neon.plan"]],
      ["seen", "seen", "neon/postgres", ["neon.plan"]],
      ["raw", "raw", "neon/postgres", ["neon.plan"]],
    ]);
    expect(plainValue(findResource(lowered, "orders").args)).toEqual({
      provider: "neon",
      account: "<neon.account.account_id>",
      payment_token: "<neon.payment-token.payment_token_id>",
      service: "neon/postgres",
      config: {},
    });
  });

  test("waits for the plan that the manifest orders instead", async () => {
    const plan = { kind: "service", service: "neon/launch" };
    const lowered = await lowerFor(neon, { orders: { kind: "database" }, big: plan });
    expect(findResource(lowered, "orders").dependsOn).toEqual(["big"]);
    expect(findResource(lowered, "big").dependsOn).toBeUndefined();
    expect(lowered.prices.map(({ service }) => service)).toEqual(["neon/postgres", "neon/launch"]);
  });

  test("is left alone where everything is had by the kind service", async () => {
    const lowered = await lowerFor(neon, { db: { kind: "service", service: "neon/postgres" } });
    expect(lowered.resources.map(({ name }) => name)).toEqual([
      "neon.account",
      "neon.payment-token",
      "db",
    ]);
  });

  test("costs nothing on the free plan and is bounded by caps on one by use", async () => {
    const free = await compileWith({ orders: DATABASE }, "", "prod");
    expect(errorsOf(free)).toEqual([]);
    expect(free.policy?.charges.map(({ resource, kind }) => [resource, kind])).toEqual([
      ["neon.plan", "free"],
      ["orders", "free"],
    ]);
    expect(free.policy?.requiresApproval).toBe(false);
    const plan = { kind: "service", service: "neon/launch" };
    const paid = await compileWith({ orders: DATABASE, plan }, "", "prod");
    expect(paid.policy?.charges.map(({ resource, kind }) => [resource, kind])).toEqual([
      ["orders", "usage"],
      ["plan", "usage"],
    ]);
    expect(paid.policy?.approvals.map(({ reason, resource }) => `${reason} ${resource}`)).toEqual([
      "paid orders",
      "paid plan",
    ]);
  });

  test("is nowhere that the guardrails do not allow", async () => {
    const rules = 'allowed: { providers: [cloudflare], services: ["cloudflare/*"] }\n';
    expect(errorsOf(await compileWith({ orders: DATABASE }, rules))).toContain("SC4001");
    const services = 'allowed: { providers: [neon], services: ["cloudflare/*"] }\n';
    expect(errorsOf(await compileWith({ orders: DATABASE }, services))).toContain("SC4002");
  });
});

describe("an app that binds what is at Neon", () => {
  /** The arguments of all that a vendor makes, as text. */
  const argsAt = (result: CompileResult, provider: string): string =>
    JSON.stringify(ownOf(result, provider).resources.map(({ args }) => plainValue(args)));
  const bind = { DB: "orders", SEEN: "seen", RAW: "raw" };
  const raw = { kind: "service", service: "neon/postgres" };
  const hosts = VENDORS.filter(({ id, kinds }) => kinds.has("app") && id !== "cloudflare");

  test.each(hosts)(
    "gets it opened at $id, without a network or right of its own",
    async (vendor) => {
      const shop = { ...APP, provider: vendor.id, bind };
      const result = await compileWith({ orders: DATABASE, seen: KV, raw, shop });
      expect(errorsOf(result)).toEqual([]);
      const args = argsAt(result, vendor.id);
      expect(args).toMatch(/SUPERCARGO_BINDINGS(?:":"|=)DB,SEEN\?kv=seen"/);
      for (const name of ["orders", "seen", "raw"]) expect(args).toContain(`<${name}.credentials>`);
      const typesOf = (one: CompileResult) =>
        ownOf(one, vendor.id).resources.map(({ type }) => type);
      const plain = await compileWith({ raw, shop: { ...shop, bind: { RAW: "raw" } } });
      // Google keeps each of them as a secret; nothing else is more than what a bound service takes.
      const isKept = (type: string): boolean => type.startsWith("google_secret_manager_");
      expect(typesOf(result).filter((type) => !isKept(type))).toEqual(
        typesOf(plain).filter((type) => !isKept(type)),
      );
    },
  );

  test("is refused at Cloudflare, where no runtime is around it, with the way that there is", async () => {
    for (const what of [DATABASE, KV]) {
      const { diagnostics } = await compileWith({ it: what, shop: { ...APP, bind: { IT: "it" } } });
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      expect(errors.map(({ code }) => code)).toEqual(["SC3010"]);
      expect(errors[0]?.remedy).toContain("a resource of the kind service");
    }
  });
});

describe("the permission matrix", () => {
  const PERMIT =
    "{ effect: permit, subject: agent, verbs: [create-free, create-paid, deploy, issue-token, read, rotate]";
  const rulesFor = (kinds: string) => `permissions:\n  - ${PERMIT}, kinds: [${kinds}] }\n`;

  test.each([
    ["database, service", true],
    ["database", false],
    ["service", false],
    ["kv, service", false],
  ])("that permits %s permits a database: %s", async (kinds, isPermitted) => {
    const result = await compileWith({ orders: DATABASE }, rulesFor(kinds));
    expect(errorsOf(result).includes("SC4010")).toBe(!isPermitted);
    if (result.model === undefined) throw new Error("no model");
    const permits = createPermits(result.model, "agent:build-bot");
    const facts = { resource: "orders", provider: "neon" };
    const amount = { currency: "USD", minor: 0n };
    expect(permits("create-free", "service-instance", { ...facts, amount })).toBe(isPermitted);
    expect(permits("rotate", "service-instance", facts)).toBe(isPermitted);
  });

  test("lets the plan of the account be ordered as the service that it is", async () => {
    const { model } = await compileWith({ orders: DATABASE }, rulesFor("database, service"));
    if (model === undefined) throw new Error("no model");
    const permits = createPermits(model, "agent:build-bot");
    const facts = {
      resource: "neon.plan",
      provider: "neon",
      amount: { currency: "USD", minor: 0n },
    };
    expect(permits("create-free", "service-instance", facts)).toBe(true);
  });

  const HUMAN = `permissions:
  - { effect: permit, subject: "*", verbs: [create-free, create-paid, deploy, issue-token] }
  - { effect: permit, subject: human, verbs: [delete] }
`;
  test.each(["database", "kv", "service"])(
    "that forbids to delete a %s keeps what may be one, whatever the manifest says by now",
    async (kind) => {
      const rules = `${HUMAN}  - { effect: forbid, subject: human, verbs: [delete], kinds: [${kind}] }\n`;
      const asked = { resource: "orders", provider: "neon" };
      for (const resources of [{}, { orders: KV }, { orders: { kind: "secret" } }]) {
        const [free, kept] = await Promise.all(
          [HUMAN, rules].map(async (text) => (await compileWith(resources, text)).model),
        );
        if (free === undefined || kept === undefined) throw new Error("no model");
        expect(createPermits(free, "human")("delete", "service-instance", asked)).toBe(true);
        expect(createPermits(kept, "human")("delete", "service-instance", asked)).toBe(false);
        expect(
          createPersonPermits(kept.guardrails, false)("delete", "service-instance", asked),
        ).toBe(false);
        // Of another provider's services none is a database.
        const other = createPermits(kept, "human")("delete", "service-instance", {
          ...asked,
          provider: "resend",
        });
        expect(other).toBe(kind !== "service");
      }
    },
  );
});

describe("a plan that removes what is at Neon", () => {
  const step: EngineStep = {
    op: "delete",
    name: "orders",
    type: "pulumi-nodejs:dynamic/supercargo:ServiceInstance",
    urn: "urn:pulumi:local::acme::orders",
    changedKeys: [],
  };
  async function refusals(
    steps: readonly EngineStep[],
    subject: string,
    resources: Resources = {},
    rules = "",
  ): Promise<readonly string[]> {
    const { model, lowered = [] } = await compileWith({ shop: APP, ...resources }, rules);
    if (model === undefined) throw new Error("no model");
    const found: string[] = [];
    checkRemovals(
      { model, lowered, steps, subject, manifest: "supercargo.yaml", listServed: listServedKinds },
      { report: ({ code, message }) => void found.push(`${code} ${message}`) },
    );
    return found;
  }

  test.each<EngineStep>([step, { ...step, op: "replace" }])(
    "is no agent's, as it holds data: $op",
    async (one) => {
      for (const orders of [undefined, DATABASE, KV, { kind: "secret" }])
        expect(await refusals([one], "agent:build-bot", orders && { orders })).toEqual([
          expect.stringMatching(/^SC4017 .*may not delete `orders`/),
        ]);
      // Not even where a file says so.
      const rules =
        'permissions:\n  - { effect: permit, subject: "*", verbs: [delete, create-free, create-paid, deploy, issue-token] }\n';
      expect(await refusals([one], "agent:build-bot", {}, rules)).toHaveLength(1);
    },
  );

  test("tells the review which service goes, and nothing else of what it was", () => {
    const { name, type, urn } = step;
    const before = { service: "neon/postgres", config: { name: "canary" }, credentials: "canary" };
    const common = {
      operation: "delete",
      name,
      type,
      urn,
      changed: [],
      replacedBecause: [],
    } as const;
    const [told] = toReviewSteps([{ ...common, before }]);
    expect(told).toEqual({ ...step, formerService: "neon/postgres" });
    for (const service of [7, "canary secret", "[secret]"])
      expect(toReviewSteps([{ ...common, before: { service } }])).toEqual([step]);
    for (const formerService of ["acme/Postgres:Big", `${"x".repeat(63)}/${"y".repeat(128)}`])
      expect(toReviewSteps([{ ...common, before: { service: formerService } }])).toEqual([
        { ...step, formerService },
      ]);
    const bucket = "cloudflare:index/r2Bucket:R2Bucket";
    expect(toReviewSteps([{ ...common, type: bucket, before }])).toEqual([
      { ...step, type: bucket },
    ]);
  });

  test.each(["database", "kv", "service"])(
    "is no person's whom the guardrails forbid to delete a %s",
    async (kind) => {
      const rules = `permissions:
  - { effect: permit, subject: "*", verbs: [create-free, create-paid, deploy, issue-token] }
  - { effect: permit, subject: human, verbs: [delete] }
  - { effect: forbid, subject: human, verbs: [delete], kinds: [${kind}] }
`;
      const human = "human:founder@example.com";
      const steps = [step, { ...step, formerService: "neon/postgres" }];
      for (const one of steps)
        expect(await refusals([one], human, {}, rules)).toEqual([
          expect.stringMatching(/^SC4017 .*`orders` of the kind service, database or kv/),
        ]);
      // Not even where another service takes its name.
      const orders = { kind: "service", service: "resend/email", config: { plan: "free" } };
      const replaced = { ...step, op: "replace", formerService: "neon/postgres" } as const;
      expect(await refusals([replaced], human, { orders }, rules)).toHaveLength(1);
      // What was no database is no database's loss.
      const mail = { ...step, formerService: "resend/email" };
      expect(await refusals([mail], human, {}, rules)).toHaveLength(kind === "service" ? 1 : 0);
      const open = rules.split("\n").slice(0, 3).join("\n");
      expect(await refusals([step], human, {}, `${open}\n`)).toEqual([]);
    },
  );
});
