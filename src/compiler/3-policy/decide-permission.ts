import type { PermissionRule, Verb } from "../2-model/model.ts";

/** Classes of subjects, in the order of the reference. */
export const SUBJECTS = ["human", "agent", "sub-agent", "ci", "broker"] as const;

/** Who wants to do what to which kind of resource. */
export interface PermissionQuestion {
  /** A class and, if one is known, an id: `agent`, `agent:build-bot`. */
  readonly subject: string;
  readonly verb: Verb;
  readonly kind: string;
}

/** Yes, or why not. */
export type PermissionDecision = "permitted" | "forbidden" | "not-permitted";

/** Answers from the matrix: deny by default, and one rule that forbids beats all that permit. The order of the rules means nothing. */
export function decidePermission(
  rules: readonly PermissionRule[],
  question: PermissionQuestion,
): PermissionDecision {
  let decision: PermissionDecision = "not-permitted";
  for (const rule of rules) {
    if (!appliesTo(rule, question)) continue;
    if (rule.effect === "forbid") return "forbidden";
    decision = "permitted";
  }
  return decision;
}

function appliesTo(rule: PermissionRule, { subject, verb, kind }: PermissionQuestion): boolean {
  return (
    (rule.subject === "*" || rule.subject === subject || rule.subject === subject.split(":")[0]) &&
    rule.verbs.includes(verb) &&
    (rule.kinds.includes("*") || rule.kinds.includes(kind))
  );
}
