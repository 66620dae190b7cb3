import fc from "fast-check";
import type { PermissionRule } from "../../src/compiler/1-manifest/guardrails.ts";
import { RESOURCE_KINDS, VERB_CLASSES, type Verb } from "../../src/compiler/vocabulary.ts";
import { type AccessRequest, SUBJECT_CLASSES } from "../../src/permissions/access-request.ts";
import {
  compilePermissions,
  type PermissionPolicy,
} from "../../src/permissions/compile-permissions.ts";

export const VERBS = Object.keys(VERB_CLASSES) as Verb[];
export const KINDS = [...RESOURCE_KINDS, "account", "something-new"];
const SUBJECTS = [
  ...SUBJECT_CLASSES,
  "agent:build-bot",
  "agent:other",
  "sub-agent:helper",
  "human:alice",
  "human:bob",
];
const PEOPLE = ["alice", "bob", "carol", "stranger"];
const PROVIDERS = ["cloudflare", "resend"];
const PROJECTS = ["shop", "blog"];
const AMOUNTS = [0n, 499n, 500n, 501n, 5000n, 5001n];

const money = fc.record({
  currency: fc.constantFrom("USD", "USD", "USD", "USD", "EUR"),
  minor: fc.constantFrom(...AMOUNTS),
});
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const rule: fc.Arbitrary<PermissionRule> = fc.record({
  effect: fc.constantFrom("permit", "permit", "permit", "permit", "permit", "forbid"),
  subject: fc.constantFrom("*", "*", "human", "agent", ...SUBJECTS),
  verbs: fc.oneof(fc.subarray(VERBS, { minLength: 1 }), fc.constant(VERBS)),
  kinds: fc.oneof(
    { weight: 2, arbitrary: fc.constant(["*"]) },
    fc.subarray([...RESOURCE_KINDS], { minLength: 1 }),
  ),
  when: fc.option(
    fc.record({
      stack: maybe(fc.constantFrom("local", "live")),
      providers: maybe(fc.subarray(PROVIDERS, { minLength: 1 })),
      projects: maybe(fc.subarray(PROJECTS, { minLength: 1 })),
      maxAmount: maybe(money),
    }),
    { nil: undefined, freq: 1 },
  ),
});

/** What guardrails can say. */
export const randomPolicy: fc.Arbitrary<PermissionPolicy> = fc
  .record({
    permissions: fc.array(rule, { maxLength: 8 }),
    approvals: fc.record({
      paid: fc.boolean(),
      irreversible: fc.boolean(),
      count: fc.constantFrom(1, 2, 3),
      validHours: fc.constantFrom(1, 24),
    }),
    approvers: fc.subarray(["alice", "bob", "carol"]),
    perTransaction: fc.oneof(money, fc.constant({ currency: "USD", minor: 10_000n })),
    domains: fc.constantFrom(0, 2, 3, 4),
  })
  .map(({ permissions, approvals, approvers, perTransaction, domains }) =>
    compilePermissions(
      {
        permissions,
        approvals,
        approvers: approvers.map((name) => ({ name, publicKey: `ed25519:${name}` })),
      },
      { perTransaction, counts: { domains, accounts: 5, tokens: 5 } },
    ),
  );

export const randomRequest: fc.Arbitrary<AccessRequest> = fc.record({
  subject: fc.constantFrom(...SUBJECTS),
  verb: fc.constantFrom(...VERBS, "create-paid", "create-paid", "create-paid", "renew", "delete"),
  kind: fc.constantFrom(...KINDS),
  live: fc.boolean(),
  project: maybe(fc.constantFrom(...PROJECTS, "third")),
  provider: maybe(fc.constantFrom(...PROVIDERS, "third")),
  amount: maybe(money),
  count: maybe(fc.constantFrom(0, 1, 2, 3)),
  irreversible: maybe(fc.boolean()),
  plan: maybe(fc.constantFrom("p1", "p2")),
  approvals: maybe(
    fc.array(
      fc.record({
        approver: fc.constantFrom(...PEOPLE),
        plan: fc.constantFrom("p1", "p1", "p2"),
        minutes: fc.constantFrom(-1, 0, 15, 16, 60, 61, 1440, 1441),
      }),
      { maxLength: 4 },
    ),
  ),
});
