import type { Guardrails, Limits } from "../compiler/1-manifest/guardrails.ts";
import { VERB_CLASSES, type Verb } from "../compiler/vocabulary.ts";
import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { formatMoney, type Money } from "../util/money.ts";
import { sha256 } from "../util/sha256.ts";
import type { AccessRule } from "./access-rule.ts";
import { AGENTS_NEVER, ALL_REVOKE, PEOPLE_APPROVE, PEOPLE_SETTLE } from "./built-in-rules.ts";

/** A permission matrix, compiled: what {@link decide} asks. Plain data. */
export interface PermissionPolicy {
  /** Hexadecimal SHA-256 of what the rules say; where they stand does not matter. */
  readonly version: string;
  /** All rules, those that nothing can lift first. */
  readonly rules: readonly AccessRule[];
  /** The same rules by verb, for speed. */
  readonly byVerb: Readonly<Partial<Record<Verb, readonly AccessRule[]>>>;
  /** Whose approvals count. */
  readonly approvers: readonly string[];
}

/** An act that cannot be undone needs two people within a quarter of an hour. */
const GRANT_PEOPLE = 2;
const GRANT_MINUTES = 15;

type Source = Pick<Guardrails, "permissions" | "approvals" | "approvers">;

/** Compiles guardrails once, with limits that a manifest may have narrowed. Pure. */
export function compilePermissions(
  { permissions, approvals, approvers }: Source,
  limits: Pick<Limits, "perTransaction" | "counts">,
): PermissionPolicy {
  const stated = permissions.map(({ effect, subject, verbs, kinds, when = {}, origin }, i) => ({
    ...{ id: `rule-${i + 1}`, effect, subjects: [subject], verbs, kinds, when },
    origin: origin === undefined ? DEFAULT : ({ kind: "guardrails", location: origin } as const),
  }));
  return assemblePolicy(
    [
      ...[AGENTS_NEVER, PEOPLE_APPROVE, ...stated, PEOPLE_SETTLE, ALL_REVOKE],
      ...[...limitRules(limits), ...approvalRules(approvals)],
    ],
    approvers.map(({ name }) => name),
  );
}

/** Makes a policy of rules that are compiled already. */
export function assemblePolicy(
  rules: readonly AccessRule[],
  approvers: readonly string[],
): PermissionPolicy {
  const verbs = Object.keys(VERB_CLASSES) as Verb[];
  const byVerb = Object.fromEntries(
    verbs.map((verb) => [verb, rules.filter((rule) => rule.verbs.includes(verb))]),
  );
  const said = rules.map(({ origin: _, ...rule }) => rule);
  const version = sha256(canonicalJson(toJson({ rules: said, approvers: approvers.toSorted() })));
  return { version, rules, byVerb, approvers };
}

const DEFAULT = { kind: "default" } as const;

function limitRules({
  perTransaction,
  counts,
}: Pick<Limits, "perTransaction" | "counts">): readonly AccessRule[] {
  const common = { effect: "forbid", subjects: ["*"], origin: { kind: "limits" } } as const;
  return [
    {
      ...{ ...common, id: "cap-per-transaction", verbs: ["create-paid", "renew"], kinds: ["*"] },
      when: { above: perTransaction },
    },
    {
      ...{ ...common, id: "count-of-domains", verbs: ["create-paid"], kinds: ["domain"] },
      when: { from: counts.domains },
    },
  ];
}

function approvalRules(approvals: Guardrails["approvals"]): readonly AccessRule[] {
  const { paid, irreversible, count, validHours } = approvals;
  const common = { effect: "approval", subjects: ["*"], kinds: ["*"] } as const;
  const spending: readonly Verb[] = ["create-paid", "renew"];
  const origin = { kind: "approvals" } as const;
  const withinMinutes = validHours * 60;
  const rules: AccessRule[] = [
    {
      ...{ ...common, id: "approve-unknown-price", verbs: spending, origin },
      when: { stack: "live", unpriced: true },
      approval: { reason: "unknown-price", count, withinMinutes },
    },
  ];
  if (paid)
    rules.push({
      ...{ ...common, id: "approve-paid", verbs: spending, origin },
      when: { stack: "live" },
      approval: { reason: "paid", count, withinMinutes },
    });
  if (irreversible)
    rules.push(
      {
        ...{ ...common, id: "approve-irreversible", verbs: spending, origin },
        when: { stack: "live", irreversible: true },
        approval: { reason: "irreversible", count, withinMinutes },
      },
      {
        ...{ ...common, id: "grant-irreversible", verbs: verbsOf("R4"), origin },
        when: { stack: "live" },
        approval: {
          reason: "irreversible",
          count: Math.max(count, GRANT_PEOPLE),
          withinMinutes: GRANT_MINUTES,
        },
      },
    );
  return rules;
}

function verbsOf(wanted: string): readonly Verb[] {
  return (Object.keys(VERB_CLASSES) as Verb[]).filter((verb) => VERB_CLASSES[verb] === wanted);
}

/** Values of rules and requests as JSON: money as text, what is undefined left out. */
export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value as Json;
  if ("minor" in value && "currency" in value) return formatMoney(value as Money);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, toJson(member)]),
  );
}
