import { describe, expect, it, test } from "vitest";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import { compilePermissions } from "../../src/permissions/compile-permissions.ts";
import { type Delegation, decideDelegated } from "../../src/permissions/delegation.ts";
import { searchWidening } from "./delegation-chains.ts";

test("promise 11: no sub-agent may what its parent may not, in 10,000 chains", () => {
  const { chains, permitted, violations } = searchWidening(10_000, 20_261_124);
  expect(violations).toEqual([]);
  expect(chains).toBe(10_000);
  expect(permitted).toBeGreaterThan(500);
});

describe("a sub-agent", () => {
  const guardrails = readGuardrails(undefined, { report: () => undefined });
  if (guardrails === undefined) throw new Error("no guardrails");
  const policy = compilePermissions(guardrails, guardrails.limits);
  const ask = (
    chain: readonly Delegation[],
    request: Partial<Parameters<typeof decideDelegated>[2]>,
  ) =>
    decideDelegated(policy, chain, {
      ...{ subject: "agent:build-bot", verb: "update", kind: "database", live: false },
      ...request,
    }).outcome;

  it("has what its parent has, of the classes R0 and R1, when nothing narrower is said", () => {
    expect(ask([{ id: "helper" }], {})).toBe("permitted");
    expect(ask([{ id: "helper" }], { verb: "issue-token" })).toBe("denied");
    expect(ask([{ id: "helper" }], { verb: "delete" })).toBe("denied");
  });

  it("has only the verbs, kinds and resources of its delegation", () => {
    const helper = {
      id: "helper",
      verbs: ["read", "update"],
      kinds: ["database"],
      resources: ["orders"],
    } as const;
    expect(ask([helper], { resource: "orders" })).toBe("permitted");
    expect(ask([helper], { resource: "users" })).toBe("denied");
    expect(ask([helper], {})).toBe("denied");
    expect(ask([helper], { resource: "orders", kind: "bucket" })).toBe("denied");
    expect(ask([helper], { resource: "orders", verb: "deploy" })).toBe("denied");
    expect(
      ask([helper, { id: "clerk", verbs: ["read", "deploy"] }], {
        resource: "orders",
        verb: "deploy",
      }),
    ).toBe("denied");
  });

  it("stands at most five deep", () => {
    const line = (depth: number) => Array.from({ length: depth }, (_, i) => ({ id: `s${i}` }));
    expect(ask(line(5), {})).toBe("permitted");
    expect(ask(line(6), {})).toBe("denied");
  });
});
