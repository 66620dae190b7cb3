import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RESOURCE_KINDS } from "../../src/compiler/vocabulary.ts";
import { classOf } from "../../src/permissions/access-request.ts";
import { comparePolicies, listSubjects } from "../../src/permissions/compare-policies.ts";
import { assemblePolicy } from "../../src/permissions/compile-permissions.ts";
import { decide } from "../../src/permissions/decide.ts";
import { policyToJson, readPolicy } from "../../src/permissions/read-policy.ts";
import { randomPolicy, randomRequest } from "./random-policies.ts";

const RANK = { denied: 0, "needs-approval": 1, permitted: 2 } as const;

describe("the comparison of two matrices", () => {
  it("finds whatever somebody gains or loses", { timeout: 300_000 }, () => {
    const requests = fc.array(randomRequest, { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(randomPolicy, randomPolicy, requests, (before, after, asked) => {
        const { widened, narrowed } = comparePolicies(before, after);
        const named = listSubjects([before, after]);
        for (const request of asked) {
          const { approvals: _, plan: __, kind: ___, ...rest } = request;
          const kind = (RESOURCE_KINDS as readonly string[]).includes(request.kind)
            ? request.kind
            : "account";
          const was = RANK[decide(before, { ...rest, kind }).outcome];
          const is = RANK[decide(after, { ...rest, kind }).outcome];
          if (was === is) continue;
          const subject = named.includes(rest.subject) ? rest.subject : classOf(rest.subject);
          const stack = rest.live ? "live" : "local";
          const found = (is > was ? widened : narrowed).some(
            (change) =>
              change.subject === subject &&
              change.verb === rest.verb &&
              change.stack === stack &&
              change.kinds.includes(kind),
          );
          expect(found, JSON.stringify({ subject, verb: rest.verb, kind, stack })).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("finds nothing between a policy and itself, whatever the order of its rules", () => {
    fc.assert(
      fc.property(randomPolicy, (policy) => {
        const turned = assemblePolicy(policy.rules.toReversed(), policy.approvers);
        expect(comparePolicies(policy, turned)).toEqual({ widened: [], narrowed: [] });
      }),
      { numRuns: 10 },
    );
  });

  it("a forbid more gives nobody access", () => {
    fc.assert(
      fc.property(randomPolicy, randomPolicy, (policy, other) => {
        const more = other.rules.filter(({ effect }) => effect === "forbid");
        const after = assemblePolicy([...policy.rules, ...more], policy.approvers);
        expect(comparePolicies(policy, after).widened).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe("a policy that is kept", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(randomPolicy, (policy) => {
        const back = readPolicy(JSON.parse(JSON.stringify(policyToJson(policy))));
        expect(back?.version).toBe(policy.version);
      }),
    );
  });

  it("that is none is not read", () => {
    for (const value of [undefined, null, [], {}, { rules: [{}], approvers: [] }])
      expect(readPolicy(value)).toBeUndefined();
  });
});
