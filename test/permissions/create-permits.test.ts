import { describe, expect, it } from "vitest";
import { createPermits } from "../../src/operations/create-permits.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";

const RESOURCES = `  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  orders: { kind: database }
  key: { kind: secret }
  mail: { kind: service, service: resend/email, config: { plan: pro } }`;

function permitsOf(rules: string, stack = "local") {
  const guardrails = `apiVersion: supercargo/v1\npermissions:\n${rules}\n`;
  return createPermits(
    compileText(manifestOf(RESOURCES), { stack, guardrails }).model,
    "agent:build-bot",
  );
}
const dollars = (minor: bigint) => ({ currency: "USD", minor });

describe("the matrix as the broker asks it", () => {
  it("permits what serves several resources when one of them may have it", () => {
    const permits = permitsOf(
      "  - { effect: permit, subject: agent, verbs: [issue-token], kinds: [database] }",
    );
    expect(permits("issue-token", "access-token", {})).toBe(true);
    expect(permits("issue-token", "domain", { resource: "address" })).toBe(false);
  });

  it("knows the provider of a resource where a request does not say it", () => {
    const permits = permitsOf(
      "  - { effect: permit, subject: agent, verbs: [read, rotate], when: { providers: [cloudflare] } }",
    );
    expect(permits("read", "account", {})).toBe(true);
    expect(permits("rotate", "secret", { resource: "key" })).toBe(true);
    expect(permits("read", "service-instance", { resource: "mail" })).toBe(false);
    expect(permits("read", "service-instance", { provider: "cloudflare" })).toBe(true);
  });

  it("takes a price that is only bounded for no more than the cap, which the ledger keeps", () => {
    const permits = permitsOf(
      "  - { effect: permit, subject: agent, verbs: [create-paid], when: { maxAmount: 50.00 USD } }",
    );
    const buy = (minor: bigint) =>
      permits("create-paid", "domain", { amount: dollars(minor), resource: "address" });
    expect(buy(1200n)).toBe(true);
    expect(buy(99_999n)).toBe(true);
    expect(permits("create-paid", "domain", { resource: "address" })).toBe(false);
  });

  it("does not permit what needs approval", () => {
    const rules = "  - { effect: permit, subject: agent, verbs: [create-paid] }";
    const facts = { amount: dollars(1n), resource: "address" };
    expect(permitsOf(rules)("create-paid", "domain", facts)).toBe(true);
    expect(permitsOf(rules, "prod")("create-paid", "domain", facts)).toBe(false);
  });
});
