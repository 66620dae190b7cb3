import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import { RESOURCE_KINDS, VERB_CLASSES } from "../../src/compiler/vocabulary.ts";
import { type AccessRequest, SUBJECT_CLASSES } from "../../src/permissions/access-request.ts";
import { describeOrigin } from "../../src/permissions/access-rule.ts";
import {
  assemblePolicy,
  compilePermissions,
  type PermissionPolicy,
} from "../../src/permissions/compile-permissions.ts";
import { type Decision, decide } from "../../src/permissions/decide.ts";
import { randomPolicy, randomRequest, VERBS } from "./random-policies.ts";

function policyOf(rest?: string): PermissionPolicy {
  const problems: string[] = [];
  const text = rest === undefined ? undefined : `apiVersion: supercargo/v1\n${rest}`;
  const guardrails = readGuardrails(
    text === undefined ? undefined : { path: "guardrails.yaml", text },
    { report: ({ message }) => problems.push(message) },
  );
  expect(problems).toEqual([]);
  if (guardrails === undefined) throw new Error("no guardrails");
  return compilePermissions(guardrails, guardrails.limits);
}

function ask(policy: PermissionPolicy, request: Partial<AccessRequest>): Decision {
  return decide(policy, {
    ...{ subject: "agent:build-bot", verb: "deploy", kind: "app", live: false },
    ...request,
  });
}

describe("the default matrix", () => {
  it("gives agents, CI and the broker R0 to R2, sub-agents R0 and R1, people everything", () => {
    const policy = policyOf();
    for (const subject of SUBJECT_CLASSES)
      for (const verb of VERBS)
        for (const kind of RESOURCE_KINDS) {
          const classes = subject === "sub-agent" ? ["R0", "R1"] : ["R0", "R1", "R2"];
          const expected = subject === "human" || classes.includes(VERB_CLASSES[verb]);
          const { outcome } = ask(policy, { subject, verb, kind });
          expect(outcome === "permitted", `${subject} ${verb} ${kind}`).toBe(expected);
        }
  });

  it("says what decided, and where that stands", () => {
    const policy = policyOf(
      [
        "permissions:",
        "  - { effect: permit, subject: agent, verbs: [deploy, update] }",
        "  - { effect: forbid, subject: agent, verbs: [update], kinds: [site] }",
        "",
      ].join("\n"),
    );
    const place = (request: Partial<AccessRequest>): string | undefined => {
      const { rule } = ask(policy, request);
      return rule && describeOrigin(rule);
    };
    expect(place({})).toBe("guardrails.yaml:3");
    expect(place({ verb: "update", kind: "site" })).toBe("guardrails.yaml:4");
    expect(place({ verb: "delete" })).toBe("built in (agents-never)");
    expect(place({ verb: "read" })).toBeUndefined();
  });

  it("names each decision by policy and request", () => {
    const policy = policyOf();
    const first = ask(policy, { amount: { currency: "USD", minor: 5n } });
    expect(first.id).toMatch(/^[0-9a-f]{64}$/);
    expect(ask(policy, { amount: { currency: "USD", minor: 5n } }).id).toBe(first.id);
    expect(ask(policy, { amount: { currency: "USD", minor: 6n } }).id).not.toBe(first.id);
    const other = policyOf(
      "permissions:\n  - { effect: permit, subject: agent, verbs: [deploy] }\n",
    );
    expect(ask(other, {}).policy).not.toBe(first.policy);
    expect(ask(other, {}).policy).toBe(other.version);
  });

  it("has the same version wherever its rules stand in the file", () => {
    const rule = "  - { effect: permit, subject: agent, verbs: [deploy] }\n";
    expect(policyOf(`permissions:\n${rule}`).version).toBe(
      policyOf(`# about\n\npermissions:\n${rule}`).version,
    );
  });
});

describe("conditions", () => {
  const conditional = (when: string, verbs = "create-paid"): PermissionPolicy =>
    policyOf(
      `permissions:\n  - { effect: permit, subject: agent, verbs: [${verbs}], when: ${when} }\n`,
    );
  const dollars = (minor: bigint) => ({ currency: "USD", minor });

  it("hold for a stack, a provider, a project and an amount, and what is not known does not hold", () => {
    const verb = "create-paid";
    const local = conditional("{ stack: local }");
    expect(ask(local, { verb, amount: dollars(1n) }).outcome).toBe("permitted");
    expect(ask(local, { verb, amount: dollars(1n), live: true }).outcome).toBe("denied");
    const provider = conditional("{ providers: [cloudflare] }");
    expect(ask(provider, { verb, provider: "cloudflare" }).outcome).toBe("permitted");
    expect(ask(provider, { verb, provider: "resend" }).outcome).toBe("denied");
    expect(ask(provider, { verb }).outcome).toBe("denied");
    const project = conditional("{ projects: [shop] }");
    expect(ask(project, { verb, project: "shop" }).outcome).toBe("permitted");
    expect(ask(project, { verb }).outcome).toBe("denied");
    const cheap = conditional("{ maxAmount: 5.00 USD }", "create-paid, deploy");
    expect(ask(cheap, { verb, amount: dollars(500n) }).outcome).toBe("permitted");
    expect(ask(cheap, { verb, amount: dollars(501n) }).outcome).toBe("denied");
    expect(ask(cheap, { verb }).outcome).toBe("denied");
    expect(ask(cheap, { verb: "deploy" }).outcome).toBe("permitted");
  });

  it("deny what is above the cap for one purchase, and one domain too many", () => {
    const policy = policyOf("caps: { perTransaction: 5.00 USD }\ncounts: { domains: 1 }\n");
    const buy = { verb: "create-paid", kind: "domain" } as const;
    expect(ask(policy, { ...buy, amount: dollars(500n), count: 0 }).outcome).toBe("permitted");
    expect(ask(policy, { ...buy, amount: dollars(501n) }).rule?.id).toBe("cap-per-transaction");
    expect(ask(policy, { ...buy, amount: { currency: "EUR", minor: 1n } }).outcome).toBe("denied");
    expect(ask(policy, { ...buy, amount: dollars(5n), count: 1 }).rule?.id).toBe(
      "count-of-domains",
    );
  });
});

describe("approvals", () => {
  const KEY = `ed25519:${"A".repeat(43)}=`;
  const OTHER = `ed25519:${"B".repeat(43)}=`;
  const policy = policyOf(
    `approvers:\n  - { name: alice, publicKey: "${KEY}" }\n  - { name: bob, publicKey: "${OTHER}" }\n`,
  );
  const yes = (approver: string, minutes = 5, plan = "p") => ({ approver, plan, minutes });
  const buy = {
    verb: "create-paid",
    kind: "bucket",
    live: true,
    plan: "p",
    amount: { currency: "USD", minor: 5n },
  } as const;

  it("are needed for what costs money on a live stack, by people of the set, for the very plan, in time", () => {
    const outcome = (...approvals: ReturnType<typeof yes>[]) =>
      ask(policy, { ...buy, approvals }).outcome;
    expect(ask(policy, { ...buy, live: false }).outcome).toBe("permitted");
    expect(outcome()).toBe("needs-approval");
    expect(outcome(yes("alice"))).toBe("permitted");
    expect(outcome(yes("mallory"))).toBe("needs-approval");
    expect(outcome(yes("alice", 5, "q"))).toBe("needs-approval");
    expect(outcome(yes("alice", 24 * 60 + 1))).toBe("needs-approval");
  });

  it("of two people within a quarter of an hour let a person delete on a live stack, and no agent", () => {
    const remove = { verb: "delete", kind: "bucket", live: true, plan: "p" } as const;
    const both = [yes("alice"), yes("bob")];
    const outcome = (subject: string, approvals: typeof both) =>
      ask(policy, { ...remove, subject, approvals }).outcome;
    expect(outcome("human:carol", both)).toBe("permitted");
    expect(outcome("human:carol", [yes("alice"), yes("alice")])).toBe("needs-approval");
    expect(outcome("human:alice", both)).toBe("needs-approval");
    expect(outcome("human:carol", [yes("alice"), yes("bob", 16)])).toBe("needs-approval");
    expect(outcome("agent:build-bot", both)).toBe("denied");
  });
});

describe("for any rules", () => {
  it("denies by default", () => {
    const empty = assemblePolicy([], []);
    fc.assert(
      fc.property(randomRequest, (request) => {
        expect(decide(empty, request).outcome).toBe("denied");
      }),
    );
  });

  it("does not depend on the order of the rules, and no added forbid permits anything", () => {
    fc.assert(
      fc.property(randomPolicy, randomPolicy, randomRequest, (policy, other, request) => {
        const { outcome } = decide(policy, request);
        const { rules, approvers } = policy;
        expect(decide(assemblePolicy(rules.toReversed(), approvers), request).outcome).toBe(
          outcome,
        );
        const forbids = other.rules.filter(({ effect }) => effect !== "permit");
        const narrowed = decide(assemblePolicy([...rules, ...forbids], approvers), request).outcome;
        if (outcome !== "permitted") expect(narrowed).not.toBe("permitted");
        if (outcome === "denied") expect(narrowed).toBe("denied");
      }),
      { numRuns: 2000 },
    );
  });

  it("a rule for one agent says nothing about another", () => {
    const policy = policyOf(
      'permissions:\n  - { effect: permit, subject: "agent:build-bot", verbs: [deploy], kinds: [app] }\n',
    );
    expect(ask(policy, {}).outcome).toBe("permitted");
    expect(ask(policy, { subject: "agent:build-bot-2" }).outcome).toBe("denied");
    expect(ask(policy, { subject: "agent" }).outcome).toBe("denied");
    expect(ask(policy, { kind: "site" }).outcome).toBe("denied");
  });
});
