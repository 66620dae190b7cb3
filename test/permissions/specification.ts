import type { AccessRequest } from "../../src/permissions/access-request.ts";
import type { AccessRule } from "../../src/permissions/access-rule.ts";
import type { PermissionPolicy } from "../../src/permissions/compile-permissions.ts";
import type { Decision } from "../../src/permissions/decide.ts";

/** Different people whose approval counts, within so many minutes. */
export function countApprovals(
  { approvers }: PermissionPolicy,
  request: AccessRequest,
  minutes: number,
): number {
  let people = 0;
  for (const person of new Set(approvers)) {
    if (request.subject === `human:${person}`) continue;
    for (const approval of request.approvals ?? [])
      if (
        approval.approver === person &&
        request.plan !== undefined &&
        approval.plan === request.plan &&
        approval.minutes >= 0 &&
        approval.minutes <= minutes
      ) {
        people += 1;
        break;
      }
  }
  return people;
}

/** The matrix as one would explain it, written without an eye on the evaluator: every rule is looked at, and then the effects are weighed. */
export function specify(policy: PermissionPolicy, request: AccessRequest): Decision["outcome"] {
  const applying = policy.rules.filter((rule) => applies(rule, request));
  const forbidden = applying.some(({ effect }) => effect === "forbid");
  const permitted = applying.some(({ effect }) => effect === "permit");
  const unapproved = applying.some(
    ({ effect, approval }) =>
      effect === "approval" &&
      approval !== undefined &&
      countApprovals(policy, request, approval.withinMinutes) < approval.count,
  );
  if (forbidden || !permitted) return "denied";
  return unapproved ? "needs-approval" : "permitted";
}

function applies(rule: AccessRule, request: AccessRequest): boolean {
  const [subjectClass = ""] = request.subject.split(":");
  const subjects = ["*", subjectClass, request.subject];
  if (!rule.subjects.some((subject) => subjects.includes(subject))) return false;
  if (!rule.verbs.some((verb) => verb === request.verb)) return false;
  if (!rule.kinds.some((kind) => kind === "*" || kind === request.kind)) return false;
  const { when } = rule;
  const isPermit = rule.effect === "permit";
  const spends = request.verb === "create-paid" || request.verb === "renew";
  const { amount, provider, project, count } = request;
  const conditions: boolean[] = [];
  if (when.stack === "live") conditions.push(request.live);
  if (when.stack === "local") conditions.push(!request.live);
  if (when.providers)
    conditions.push(provider === undefined ? !isPermit : when.providers.includes(provider));
  if (when.projects)
    conditions.push(project === undefined ? !isPermit : when.projects.includes(project));
  if (when.irreversible) conditions.push(request.irreversible === true);
  if (when.from !== undefined) conditions.push(count !== undefined && count >= when.from);
  if (spends && when.unpriced) conditions.push(amount === undefined);
  if (spends && when.above)
    conditions.push(
      amount !== undefined &&
        (amount.currency !== when.above.currency || amount.minor > when.above.minor),
    );
  if (spends && when.maxAmount)
    conditions.push(
      amount === undefined || amount.currency !== when.maxAmount.currency
        ? !isPermit
        : amount.minor <= when.maxAmount.minor,
    );
  return conditions.every(Boolean);
}
