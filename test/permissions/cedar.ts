import {
  type Context,
  preparsePolicySet,
  statefulIsAuthorized,
} from "@cedar-policy/cedar-wasm/nodejs";
import { type AccessRequest, classOf } from "../../src/permissions/access-request.ts";
import type { AccessRule, RuleConditions } from "../../src/permissions/access-rule.ts";
import type { PermissionPolicy } from "../../src/permissions/compile-permissions.ts";
import { countApprovals } from "./specification.ts";

const SPENDING = `[Action::"create-paid", Action::"renew"]`;

/** A policy in Cedar's own words. What people approved comes in the context, because Cedar cannot count. */
export function printCedar({ rules }: PermissionPolicy): string {
  return rules.map(printRule).join("\n");
}

function printRule(rule: AccessRule): string {
  const verbs = rule.verbs.map((verb) => `Action::${JSON.stringify(verb)}`).join(", ");
  const conditions = [
    ...(rule.subjects.includes("*") ? [] : [any(rule.subjects.map(printSubject))]),
    ...(rule.kinds.includes("*") ? [] : [any(rule.kinds.map(printKind))]),
    ...printConditions(rule.when, rule.effect === "permit"),
  ];
  if (rule.approval !== undefined)
    conditions.push(
      `context.approved.${windowOf(rule.approval.withinMinutes)} < ${rule.approval.count}`,
    );
  const effect = rule.effect === "permit" ? "permit" : "forbid";
  const when = conditions.length === 0 ? "" : ` when { ${conditions.join(" && ")} }`;
  return `${effect} (principal, action in [${verbs}], resource)${when};`;
}

function printConditions(when: RuleConditions, isPermit: boolean): readonly string[] {
  const conditions: string[] = [];
  const among = (field: string, names: readonly string[]): string => {
    const inside = `[${names.map((name) => JSON.stringify(name)).join(", ")}].contains(context.${field})`;
    return isPermit
      ? `(context has ${field} && ${inside})`
      : `(!(context has ${field}) || ${inside})`;
  };
  const spends = (condition: string): string => `(!(action in ${SPENDING}) || ${condition})`;
  if (when.stack !== undefined)
    conditions.push(when.stack === "live" ? "context.live" : "!context.live");
  if (when.providers !== undefined) conditions.push(among("provider", when.providers));
  if (when.projects !== undefined) conditions.push(among("project", when.projects));
  if (when.irreversible === true) conditions.push("context.irreversible");
  if (when.from !== undefined)
    conditions.push(`(context has count && context.count >= ${when.from})`);
  if (when.unpriced === true) conditions.push(spends("!(context has amount)"));
  if (when.above !== undefined) {
    const { currency, minor } = when.above;
    conditions.push(
      spends(
        `(context has amount && (context.currency != "${currency}" || context.amount > ${minor}))`,
      ),
    );
  }
  if (when.maxAmount !== undefined) {
    const { currency, minor } = when.maxAmount;
    const within = `context.amount <= ${minor}`;
    const same = `context.currency == "${currency}"`;
    conditions.push(
      spends(
        isPermit
          ? `(context has amount && ${same} && ${within})`
          : `(!(context has amount) || !(${same}) || ${within})`,
      ),
    );
  }
  return conditions;
}

const any = (alternatives: readonly string[]): string => `(${alternatives.join(" || ")})`;
const printKind = (kind: string): string => `resource == Kind::${JSON.stringify(kind)}`;
const windowOf = (minutes: number): string => `within${minutes}`;

function printSubject(subject: string): string {
  return subject.includes(":")
    ? `principal == Subject::${JSON.stringify(subject)}`
    : `context.class == ${JSON.stringify(subject)}`;
}

/** Reads a policy into Cedar under a name. */
export function loadCedar(name: string, policy: PermissionPolicy): void {
  const answer = preparsePolicySet(name, { staticPolicies: printCedar(policy) });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
}

/** Cedar's decision, as its answers to the request as it is and to the request with everybody's approval tell it. */
export function askCedar(name: string, policy: PermissionPolicy, request: AccessRequest): string {
  const counted = (minutes: number): number => countApprovals(policy, request, minutes);
  if (!isAllowed(name, policy, request, () => 1000)) return "denied";
  return isAllowed(name, policy, request, counted) ? "permitted" : "needs-approval";
}

function isAllowed(
  name: string,
  { rules }: PermissionPolicy,
  request: AccessRequest,
  approvals: (minutes: number) => number,
): boolean {
  const { subject, verb, kind, live, project, provider, amount, count, irreversible } = request;
  const windows = rules.flatMap(({ approval }) => approval?.withinMinutes ?? []);
  const context: Context = {
    live,
    class: classOf(subject),
    irreversible: irreversible === true,
    approved: Object.fromEntries(windows.map((minutes) => [windowOf(minutes), approvals(minutes)])),
    ...(project === undefined ? {} : { project }),
    ...(provider === undefined ? {} : { provider }),
    ...(count === undefined ? {} : { count }),
    ...(amount === undefined ? {} : { amount: Number(amount.minor), currency: amount.currency }),
  };
  const answer = statefulIsAuthorized({
    principal: { type: "Subject", id: subject },
    action: { type: "Action", id: verb },
    resource: { type: "Kind", id: kind },
    context,
    preparsedPolicySetId: name,
    entities: [],
  });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
  return decision === "allow";
}
