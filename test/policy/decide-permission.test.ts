import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import {
  type PermissionRule,
  RESOURCE_KINDS,
  VERB_CLASSES,
  type Verb,
} from "../../src/compiler/2-model/model.ts";
import { decidePermission, SUBJECTS } from "../../src/compiler/3-policy/decide-permission.ts";

const VERBS = Object.keys(VERB_CLASSES) as Verb[];
const NEVER: readonly Verb[] = [
  "delete",
  "transfer",
  "raise-limit",
  "change-policy",
  "export-secret",
  "approve",
  "change-registrant",
  "disable-lock",
  "close-account",
];

function rulesOf(text?: string): readonly PermissionRule[] {
  const problems: string[] = [];
  const guardrails = readGuardrails(
    text === undefined ? undefined : { path: "guardrails.yaml", text },
    { report: ({ message }) => problems.push(message) },
  );
  expect(problems).toEqual([]);
  return guardrails?.permissions ?? [];
}

const PERMISSIVE = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: "*", verbs: [${VERBS.join(", ")}] }
  - { effect: permit, subject: agent, verbs: [${VERBS.join(", ")}] }
  - { effect: permit, subject: "agent:build-bot", verbs: [${VERBS.join(", ")}] }
`;

describe("the permission matrix, every point of it", () => {
  for (const [title, text] of [
    ["with the default guardrails", undefined],
    ["with guardrails that permit everything to everybody", PERMISSIVE],
  ] as const) {
    it(`never gives an agent what cannot be undone or lifts its own limits, ${title}`, () => {
      const rules = rulesOf(text);
      let points = 0;
      for (const subject of ["agent", "agent:build-bot", "sub-agent", "sub-agent:helper"])
        for (const verb of VERBS)
          for (const kind of [...RESOURCE_KINDS, "account", "something-new"]) {
            points += 1;
            const decision = decidePermission(rules, { subject, verb, kind });
            if (NEVER.includes(verb))
              expect(decision, `${subject} ${verb} ${kind}`).toBe("forbidden");
          }
      expect(points).toBe(4 * VERBS.length * (RESOURCE_KINDS.length + 2));
    });
  }

  it("gives by default agents, CI and the broker R0 to R2, sub-agents nothing, people everything", () => {
    const rules = rulesOf();
    for (const subject of SUBJECTS)
      for (const verb of VERBS)
        for (const kind of RESOURCE_KINDS) {
          const harmless = ["R0", "R1", "R2"].includes(VERB_CLASSES[verb]);
          const expected = subject === "human" || (subject !== "sub-agent" && harmless);
          const decision = decidePermission(rules, { subject, verb, kind });
          expect(decision === "permitted", `${subject} ${verb} ${kind}`).toBe(expected);
        }
  });
});

const rule: fc.Arbitrary<PermissionRule> = fc.record({
  effect: fc.constantFrom("permit", "forbid"),
  subject: fc.constantFrom("*", ...SUBJECTS, "agent:build-bot", "agent:other"),
  verbs: fc.subarray(VERBS, { minLength: 1 }),
  kinds: fc.subarray(["*", ...RESOURCE_KINDS], { minLength: 1 }),
});
const question = fc.record({
  subject: fc.constantFrom(...SUBJECTS, "agent:build-bot", "agent:other"),
  verb: fc.constantFrom(...VERBS),
  kind: fc.constantFrom(...RESOURCE_KINDS),
});

describe("for any rules", () => {
  it("denies by default", () => {
    fc.assert(
      fc.property(question, (asked) => {
        expect(decidePermission([], asked)).toBe("not-permitted");
      }),
    );
  });

  it("agrees with the plain definition, in which a forbid beats every permit", () => {
    fc.assert(
      fc.property(fc.array(rule), question, (rules, asked) => {
        const covers = (effect: string): boolean =>
          rules.some(
            (candidate) =>
              candidate.effect === effect &&
              ["*", asked.subject, asked.subject.replace(/:.*/u, "")].includes(candidate.subject) &&
              candidate.verbs.includes(asked.verb) &&
              candidate.kinds.some((kind) => kind === "*" || kind === asked.kind),
          );
        const expected = covers("forbid")
          ? "forbidden"
          : covers("permit")
            ? "permitted"
            : "not-permitted";
        expect(decidePermission(rules, asked)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order of the rules, and no added forbid permits anything", () => {
    fc.assert(
      fc.property(fc.array(rule), rule, question, (rules, extra, asked) => {
        const before = decidePermission(rules, asked);
        expect(decidePermission(rules.toReversed(), asked)).toBe(before);
        const after = decidePermission([...rules, { ...extra, effect: "forbid" }], asked);
        if (before !== "permitted") expect(after).not.toBe("permitted");
      }),
      { numRuns: 2000 },
    );
  });

  it("a rule for one agent says nothing about another", () => {
    const rules: readonly PermissionRule[] = [
      { effect: "permit", subject: "agent:build-bot", verbs: ["deploy"], kinds: ["app"] },
    ];
    const ask = (subject: string, kind = "app") =>
      decidePermission(rules, { subject, verb: "deploy", kind });
    expect(ask("agent:build-bot")).toBe("permitted");
    expect(ask("agent:build-bot-2")).toBe("not-permitted");
    expect(ask("agent")).toBe("not-permitted");
    expect(ask("agent:build-bot", "site")).toBe("not-permitted");
  });
});
