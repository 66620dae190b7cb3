import type { Verb } from "../compiler/vocabulary.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { sha256 } from "../util/sha256.ts";
import { type AccessRequest, classOf } from "./access-request.ts";
import type { AccessRule, ApprovalNeeded, RuleConditions } from "./access-rule.ts";
import { type PermissionPolicy, toJson } from "./compile-permissions.ts";

/** What the matrix says to one request, and why. */
export interface Decision {
  /** `needs-approval`: it would be permitted if people approved the plan. */
  readonly outcome: "permitted" | "needs-approval" | "denied";
  /** The rule that decided; undefined when no rule permits it. */
  readonly rule: AccessRule | undefined;
  /** Approval rules that people have not satisfied. */
  readonly lacks: readonly AccessRule[];
  /** Version of the policy. */
  readonly policy: string;
  /** Names the decision in a log: the same request to the same policy has the same id. Made when it is asked for. */
  readonly id: string;
}

const SPENDS: ReadonlySet<Verb> = new Set(["create-paid", "renew"]);

/**
 * Answers one request: deny by default, a forbid beats every permit, and what needs approval is not permitted before people approved the
 * plan. Pure, total and independent of the order of rules, but for which of several forbids is named: one that nothing can lift comes first.
 */
export function decide(policy: PermissionPolicy, request: AccessRequest): Decision {
  let permit: AccessRule | undefined;
  for (const rule of policy.byVerb[request.verb] ?? []) {
    if (!covers(rule, request)) continue;
    if (rule.effect === "forbid") return conclude(policy, request, "denied", rule);
    if (rule.effect === "permit") permit ??= rule;
  }
  if (permit === undefined) return conclude(policy, request, "denied", undefined);
  const lacks = findLackingApprovals(policy, request);
  return lacks.length === 0
    ? conclude(policy, request, "permitted", permit)
    : conclude(policy, request, "needs-approval", lacks[0], lacks);
}

/** The approval rules that people have not satisfied yet, whatever else the matrix says. */
export function findLackingApprovals(
  policy: PermissionPolicy,
  request: AccessRequest,
): readonly AccessRule[] {
  return (policy.byVerb[request.verb] ?? []).filter(
    (rule) =>
      rule.effect === "approval" &&
      covers(rule, request) &&
      !isApproved(policy, rule.approval, request),
  );
}

function conclude(
  { version }: PermissionPolicy,
  request: AccessRequest,
  outcome: Decision["outcome"],
  rule: AccessRule | undefined,
  lacks: readonly AccessRule[] = [],
): Decision {
  return {
    ...{ outcome, rule, lacks, policy: version },
    get id() {
      return sha256(canonicalJson([version, toJson(request)]));
    },
  };
}

function covers(rule: AccessRule, request: AccessRequest): boolean {
  const { subjects, kinds, when, effect } = rule;
  return (
    (kinds.includes("*") || kinds.includes(request.kind)) &&
    (subjects.includes("*") ||
      subjects.includes(request.subject) ||
      subjects.includes(classOf(request.subject))) &&
    holds(when, request, effect !== "permit")
  );
}

/** `doubt` is the answer where the request does not say what a condition asks: no for a permit, yes for what restricts. */
function holds(when: RuleConditions, request: AccessRequest, doubt: boolean): boolean {
  const { stack, providers, projects } = when;
  if (stack !== undefined && (stack === "live") !== request.live) return false;
  if (providers !== undefined && !isAmong(providers, request.provider, doubt)) return false;
  if (projects !== undefined && !isAmong(projects, request.project, doubt)) return false;
  if (when.irreversible === true && request.irreversible !== true) return false;
  if (when.from !== undefined && !(request.count !== undefined && request.count >= when.from))
    return false;
  return !SPENDS.has(request.verb) || holdsForAmount(when, request, doubt);
}

function isAmong(names: readonly string[], name: string | undefined, doubt: boolean): boolean {
  return name === undefined ? doubt : names.includes(name);
}

/** What an unknown price may come to is the ledger's to hold, so it is above no cap here; an amount in another currency is above all. */
function holdsForAmount(
  { maxAmount, above, unpriced }: RuleConditions,
  { amount }: AccessRequest,
  doubt: boolean,
): boolean {
  if (unpriced === true && amount !== undefined) return false;
  if (above !== undefined) {
    if (amount === undefined) return false;
    if (amount.currency === above.currency && amount.minor <= above.minor) return false;
  }
  if (maxAmount === undefined) return true;
  if (amount === undefined || amount.currency !== maxAmount.currency) return doubt;
  return amount.minor <= maxAmount.minor;
}

/** Different people of the set, never the one who asks, for this very plan, not too long ago. */
function isApproved(
  { approvers }: PermissionPolicy,
  needed: ApprovalNeeded | undefined,
  { subject, plan, approvals = [] }: AccessRequest,
): boolean {
  if (needed === undefined || plan === undefined) return false;
  const people = new Set(
    approvals
      .filter(
        (approval) =>
          approval.plan === plan &&
          approval.minutes >= 0 &&
          approval.minutes <= needed.withinMinutes &&
          approvers.includes(approval.approver) &&
          subject !== `human:${approval.approver}`,
      )
      .map(({ approver }) => approver),
  );
  return people.size >= needed.count;
}
