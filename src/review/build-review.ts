import type { IssuerProfile } from "../adapters/issuers/contract.ts";
import type { Lowered } from "../adapters/vendors/contract.ts";
import type { Model } from "../compiler/2-model/model.ts";
import type { CapUse, Charge, PolicyResult } from "../compiler/3-policy/policy-result.ts";
import { LISTED_CLASSES } from "../compiler/4-emit/pulumi/listed-classes.ts";
import { APPLYING_ENGINES } from "../compiler/vocabulary.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findLackingApprovals } from "../permissions/decide.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import { formatMoney, type Money } from "../util/money.ts";
import { classifyType } from "./classify-type.ts";
import { describeIssuers } from "./describe-issuers.ts";
import { describeNames } from "./describe-names.ts";
import { describeStep, placeOf } from "./describe-step.ts";
import type { EngineStep } from "./engine-step.ts";
import type {
  Review,
  ReviewAct,
  ReviewApproval,
  ReviewCap,
  ReviewChange,
  ReviewCharge,
} from "./review.ts";
import { schemaTypeOf } from "./schema-type-of.ts";
import { indexStack } from "./stack-index.ts";

export interface ReviewInput {
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  readonly policy: PolicyResult;
  /** Generated files of the stack; sorted by path here. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** The engine's preview; absent when it was not asked. */
  readonly steps?: readonly EngineStep[] | undefined;
  /** Those that are known; default none, and then the review says nothing of them. */
  readonly issuers?: readonly IssuerProfile[] | undefined;
  /** What else a reader must know, beside the policy's findings; default none. */
  readonly remarks?: readonly Diagnostic[] | undefined;
}

/** Puts together what a person approves. Pure, and the result is deeply frozen plain JSON. */
export function buildReview(input: ReviewInput): Review {
  const { model, lowered, policy, files, steps, remarks = [] } = input;
  const changes = steps && describeChanges(model, lowered, steps);
  const losses = listLosses(changes ?? []);
  const approvals = [...listApprovals(policy), ...approveLosses(model, losses)];
  return deepFreeze({
    version: 1,
    project: model.name,
    stack: model.stack,
    live: model.live,
    principal: model.principal.email,
    agent: model.agent.id,
    verdict: judge(input, approvals),
    changes,
    unchanged: steps?.filter(isUnchanged).length ?? 0,
    cost: summariseCost(policy),
    payment: describePayment(input),
    names: describeNames(model),
    permissions: policy.permissions.map(({ provider, group, scope, because }) => ({
      provider,
      group,
      scope,
      because,
    })),
    irreversible: [
      ...policy.irreversible.map(({ resource, act, location }) => ({
        resource,
        act,
        place: placeOf(location),
      })),
      ...losses,
    ],
    findings: [...policy.findings, ...remarks].map(
      ({ code, severity, message, remedy, ...at }) => ({
        code,
        severity,
        message,
        remedy,
        place: placeOf(at),
      }),
    ),
    approvals,
    approvalRule: {
      count: model.guardrails.approvals.count,
      validHours: model.guardrails.approvals.validHours,
    },
    digests: {
      ...model.digests,
      files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    },
  });
}

function judge(
  { model, policy }: ReviewInput,
  approvals: readonly ReviewApproval[],
): Review["verdict"] {
  if (policy.findings.some(({ severity }) => severity === "error")) return "refused";
  if (approvals.length > 0) return "needs-approval";
  return APPLYING_ENGINES.some((id) => id === model.engine) ? "ready" : "printed-only";
}

/** Undefined where no payment token is needed. */
function describePayment({ model, lowered, issuers = [] }: ReviewInput): Review["payment"] {
  const isPaid = lowered.some(({ resources }) =>
    resources.some(({ type }) => type === "supercargo_payment_token"),
  );
  const described = isPaid ? describeIssuers(model.issuers, issuers) : [];
  return described.length === 0 ? undefined : described;
}

function isUnchanged({ op, type }: EngineStep): boolean {
  return op === "same" && type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");
}

/** In the order of the manifest, shared resources first, what leaves the manifest last. One line for each resource. */
function describeChanges(
  model: Model,
  lowered: readonly Lowered[],
  steps: readonly EngineStep[],
): readonly ReviewChange[] {
  const index = indexStack(model, lowered);
  const byUrn = new Map<string, ReviewChange>();
  for (const step of steps) {
    const change = describeStep(step, index);
    if (change === undefined) continue;
    const before = byUrn.get(step.urn);
    // The halves of a replacement come one by one; together they are one.
    byUrn.set(
      step.urn,
      before?.op === "replace" ? { ...before, changedKeys: mergeKeys(before, change) } : change,
    );
  }
  const position = ({ name }: ReviewChange): number =>
    index.resources.get(name)?.position ?? Number.POSITIVE_INFINITY;
  return [...byUrn.values()].toSorted(
    (a, b) => position(a) - position(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

function mergeKeys(a: ReviewChange, b: ReviewChange): readonly string[] {
  return [...new Set([...a.changedKeys, ...b.changedKeys])];
}

/** Types that hold nothing which could be lost. */
const HOLDS_NOTHING: ReadonlySet<string> = new Set([
  "supercargo_access_token",
  "supercargo_payment_token",
  // A container's data is in its volumes.
  "docker_container",
  "docker_image",
  "docker_network",
]);

/** Types of which it is known, one by one, what goes with them. */
const LISTED_TYPES: ReadonlySet<string> = new Set(LISTED_CLASSES.map(({ type }) => type));

/** What the engine would delete, for good or to make it anew. */
function listLosses(changes: readonly ReviewChange[]): readonly ReviewAct[] {
  return changes
    .filter(({ op, type }) => (op === "delete" || op === "replace") && !holdsNothing(type))
    .map(({ op, name, resource, type, place }) => ({
      resource: resource ?? name,
      act: `${op === "delete" ? "deletes" : "deletes and makes anew"} ${name} (${type})`,
      place,
    }));
}

function holdsNothing(type: string): boolean {
  if (type.startsWith("provider_") || type.startsWith("pulumi:providers:")) return true;
  const schemaType = schemaTypeOf(type);
  const isRemade = LISTED_TYPES.has(schemaType) && classifyType(schemaType).holds !== "data";
  return HOLDS_NOTHING.has(type) || isRemade;
}

function listApprovals({ approvals }: PolicyResult): readonly ReviewApproval[] {
  return approvals.map(({ reason, resource, location }) => ({
    reason,
    resource,
    place: placeOf(location),
  }));
}

/** An agent may not delete; a person may, one by one, as the permission matrix says. */
function approveLosses(model: Model, losses: readonly ReviewAct[]): readonly ReviewApproval[] {
  const { permissions, live, name: project, principal } = model;
  const subject = `human:${principal.email}`;
  const request = { subject, verb: "delete", kind: "*", live, project } as const;
  if (findLackingApprovals(permissions, request).length === 0) return [];
  return losses.map(({ resource, place }) => ({ reason: "irreversible", resource, place }));
}

function summariseCost({ cost, charges }: PolicyResult): Review["cost"] {
  return {
    oneTime: cost.oneTime.map(formatMoney),
    monthly: cost.monthly.map(formatMoney),
    yearly: cost.yearlyCommitment.map(formatMoney),
    charges: charges.flatMap(summariseCharge),
    caps: [
      ...cost.byProvider.map((use) => summariseCap(`provider ${use.name} in a month`, use)),
      ...cost.byCategory.map((use) => summariseCap(`category ${use.name} in a month`, use)),
      ...cost.others.map((use) => summariseCap(use.name.replace(/^the /, ""), use)),
      summariseCap("all providers in a month", cost.total),
      summariseCap("one run", cost.perRun),
    ],
  };
}

function summariseCharge(charge: Charge): readonly ReviewCharge[] {
  const { resource, service, kind, rates, source, text, exists, location } = charge;
  if (kind === "free") return [];
  return [
    {
      resource,
      service,
      place: placeOf(location),
      kind,
      oneTime: charge.oneTime && formatMoney(charge.oneTime),
      monthly: charge.monthly && formatMoney(charge.monthly),
      yearly: charge.yearly && formatMoney(charge.yearly),
      rates: rates.map(({ amount, currency, unit }) => `${amount} ${currency} per ${unit}`),
      source,
      text,
      exists,
    },
  ];
}

function summariseCap(name: string, { oneTime, monthly, cap, leftAfter }: CapUse): ReviewCap {
  const planned: Money = { currency: cap.currency, minor: oneTime.minor + monthly.minor };
  return {
    name,
    planned: formatMoney(planned),
    cap: formatMoney(cap),
    left: formatMoney(leftAfter),
    percent: percentOf(planned.minor, cap.minor),
  };
}

/** Rounded down; anything above a cap of nothing is 1,000 per cent. */
function percentOf(planned: bigint, cap: bigint): number {
  if (planned === 0n) return 0;
  return cap === 0n ? 1000 : Number((planned * 100n) / cap);
}
