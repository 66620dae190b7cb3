import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Guardrails } from "../../src/compiler/1-manifest/guardrails.ts";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import type { Verb } from "../../src/compiler/vocabulary.ts";
import {
  compilePermissions,
  type PermissionPolicy,
} from "../../src/permissions/compile-permissions.ts";
import { decide } from "../../src/permissions/decide.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { KINDS, randomPolicy, VERBS } from "./random-policies.ts";

/** Written out here a second time, so that a verb that is lost in the program is missed. */
const NEVER: readonly Verb[] = [
  "delete",
  "transfer",
  "raise-limit",
  "change-policy",
  "export-secret",
  "approve",
  "settle",
  "claim",
  "move",
  "change-registrant",
  "disable-lock",
  "close-account",
];
const AGENTS = ["agent", "agent:build-bot", "sub-agent", "sub-agent:helper"];
const TEMPLATES = join(import.meta.dirname, "../../templates");

/** Every circumstance that a rule can ask for, from worst to best for the one who asks. */
const CIRCUMSTANCES = [true, false].flatMap((live) =>
  [undefined, "cloudflare"].flatMap((provider) =>
    [undefined, "shop"].flatMap((project) =>
      [undefined, 0n, 1_000_000n].flatMap((minor) =>
        [undefined, 0].flatMap((count) =>
          [false, true].map((isApproved) => ({
            ...{ live, provider, project, count, irreversible: isApproved },
            amount: minor === undefined ? undefined : { currency: "USD", minor },
            ...(isApproved
              ? {
                  plan: "p",
                  approvals: ["alice", "bob", "carol"].map((approver) => ({
                    ...{ approver, plan: "p", minutes: 0 },
                  })),
                }
              : {}),
          })),
        ),
      ),
    ),
  ),
);

/** All points of agent x verb x kind x circumstances: how many there are, and which of them are permitted and must not be. */
function enumerate(policy: PermissionPolicy) {
  let points = 0;
  const wrong: string[] = [];
  for (const subject of AGENTS)
    for (const verb of VERBS)
      for (const kind of KINDS)
        for (const circumstances of CIRCUMSTANCES) {
          points += 1;
          const { outcome } = decide(policy, { subject, verb, kind, ...circumstances });
          if (outcome !== "denied" && NEVER.includes(verb))
            wrong.push(`${subject} ${verb} ${kind}`);
        }
  return { points, wrong };
}

const POINTS = AGENTS.length * VERBS.length * KINDS.length * CIRCUMSTANCES.length;

function policyOf(text: string | undefined): PermissionPolicy {
  const source = text === undefined ? undefined : { path: "guardrails.yaml", text };
  const guardrails = readGuardrails(source, { report: () => undefined }) as Guardrails;
  return compilePermissions(guardrails, guardrails.limits);
}

const EVERYTHING = `apiVersion: supercargo/v1
permissions:
${["'*'", "agent", "sub-agent", '"agent:build-bot"'].map((subject) => `  - { effect: permit, subject: ${subject}, verbs: [${VERBS.join(", ")}] }`).join("\n")}
approvals: { paid: false, irreversible: false }
`;

describe("promise 9: an agent never deletes, transfers, raises limits, exports secrets or approves", () => {
  const templates = readdirSync(TEMPLATES).map(
    (name) => [name, readFileSync(join(TEMPLATES, name, "guardrails.yaml"), "utf8")] as const,
  );
  test.each([
    ["the defaults", undefined],
    ...templates,
    ["guardrails that permit everything to everybody", EVERYTHING],
  ] as const)("with %s, at every point", (_, text) => {
    expect(enumerate(policyOf(text))).toEqual({ points: POINTS, wrong: [] });
    expect(POINTS).toBeGreaterThan(100_000);
  });

  test("with any guardrails, at every point", () => {
    fc.assert(
      fc.property(randomPolicy, (policy) => {
        expect(enumerate(policy)).toEqual({ points: POINTS, wrong: [] });
      }),
      { numRuns: 20 },
    );
  });

  test("and no file can say that a machine approves, settles, claims or moves an account", ({
    task,
  }) => {
    const policy = policyOf(EVERYTHING);
    for (const subject of ["agent", "sub-agent", "ci", "broker", "ci:main"])
      for (const verb of ["approve", "settle", "claim", "move"] as const)
        expect(decide(policy, { subject, verb, kind: "app", live: true }).outcome).toBe("denied");
    noteFigure(task, `0 of ${POINTS} points of the policy space permitted, under each policy`);
  });
});
