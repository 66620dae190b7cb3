import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { listServedKinds } from "../../src/operations/list-served-kinds.ts";
import { checkRemovals } from "../../src/review/check-removals.ts";
import type { EngineOp, EngineStep } from "../../src/review/engine-step.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";

const RESOURCES = `  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  orders: { kind: database, engine: sqlite }
  key: { kind: secret }
  shop: { kind: app, source: ./app, bind: { DB: orders, KEY: key }, routes: ["\${address.domain}/*"] }`;

/** Types as the engine names them. */
const TYPES = {
  address: "pulumi-nodejs:dynamic/supercargo:Domain",
  orders: "cloudflare:index/d1Database:D1Database",
  media: "cloudflare:index/r2Bucket:R2Bucket",
  mail: "pulumi-nodejs:dynamic/supercargo:ServiceInstance",
  key: "pulumi-nodejs:dynamic/supercargo:GeneratedSecret",
  old: "pulumi-nodejs:dynamic/supercargo:GeneratedSecret",
  shop: "cloudflare:index/workersScript:WorkersScript",
  stale: "cloudflare:index/workersScript:WorkersScript",
  novelty: "cloudflare:index/novelty:Novelty",
  "shop.route.example-shop.com": "cloudflare:index/workersRoute:WorkersRoute",
  "stale.subdomain": "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
  "cloudflare.access-token": "pulumi-nodejs:dynamic/supercargo:AccessToken",
  "cloudflare.provider": "pulumi:providers:cloudflare",
} as const;
type Name = keyof typeof TYPES;
/** What `mail` was. */
const MAIL = "resend/email";

function step(op: EngineOp, name: Name, changedKeys: readonly string[] = []): EngineStep {
  const type = TYPES[name];
  const urn = `urn:pulumi:local::sample::${type}::${name}`;
  return { op, name, type, urn, changedKeys, ...(name === "mail" && { formerService: MAIL }) };
}

function check(
  steps: readonly EngineStep[],
  { subject = "agent:build-bot", guardrails }: { subject?: string; guardrails?: string } = {},
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const compiled = compileText(manifestOf(RESOURCES), { stack: "local", guardrails });
  checkRemovals(
    { ...compiled, steps, subject, manifest: "supercargo.yaml", listServed: listServedKinds },
    { report: (diagnostic) => void found.push(diagnostic) },
  );
  return found;
}

describe("what an agent's plan removes", () => {
  it.each<Name>(["media", "mail", "stale", "novelty"])("refuses to delete %s", (name) => {
    const [found, ...others] = check([step("delete", name)]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: "SC4017", severity: "error", file: "supercargo.yaml" });
    expect(found?.message).toContain(`may not delete \`${name}\``);
    expect(found?.remedy).toContain("have a person run supercargo up --person");
  });

  it("refuses to make anew what holds data, at its line and with what changed", () => {
    const [found] = check([step("replace", "orders", ["name"])]);
    expect(found?.range.start.line).toBe(10);
    expect(found?.message).toBe(
      "the agent:build-bot may not delete `orders` of the kind database, which would be made anew: a rule forbids it",
    );
    expect(found?.remedy).toContain("undo the change of `name`");
  });

  it.each<[EngineOp, Name]>([
    ["delete", "address"],
    ["delete", "old"],
    ["delete", "shop.route.example-shop.com"],
    ["delete", "cloudflare.access-token"],
    ["delete", "cloudflare.provider"],
    ["replace", "key"],
    ["replace", "shop"],
    ["update", "orders"],
    ["same", "orders"],
  ])("lets it %s %s, where nothing is lost", (op, name) => {
    expect(check([step(op, name)])).toEqual([]);
  });

  it("never replaces a domain", () => {
    expect(check([step("replace", "address", ["domain"])])).toHaveLength(1);
  });

  it("names what goes once, not each of its parts", () => {
    const found = check([step("delete", "stale.subdomain"), step("delete", "stale")]);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain("`stale` of the kind app or site");
  });

  it("is held to the matrix also for what only changes", () => {
    const guardrails = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: agent, verbs: [create-free, create-paid, deploy, issue-token] }
`;
    const route = [step("delete", "shop.route.example-shop.com")];
    expect(check(route, { guardrails })[0]?.message).toContain("may not update `shop`");
  });
});

describe("what a person's plan removes", () => {
  const subject = "human:founder@example.com";
  it("goes, as long as the guardrails let people delete", () => {
    const steps = [step("delete", "media"), step("replace", "orders"), step("delete", "mail")];
    expect(check(steps, { subject })).toEqual([]);
    const guardrails = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: "*", verbs: [create-free, create-paid, deploy, issue-token] }
  - { effect: permit, subject: human, verbs: [delete], kinds: [service] }
`;
    expect(check(steps, { subject, guardrails }).map(({ message }) => message)).toEqual([
      expect.stringContaining("`media`"),
      expect.stringContaining("`orders`"),
    ]);
  });
});
