import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { findLackingApprovals } from "../../permissions/decide.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import type { Model } from "../2-model/model.ts";
import { approveNames } from "./approve-names.ts";
import { dueAtMost } from "./check-permissions.ts";
import type { ApprovalNeed, Charge, IrreversibleAct } from "./policy-result.ts";

/** What cannot be undone among what does not exist yet, said in our own words. */
export function listIrreversibleActs(
  model: Model,
  charges: readonly Charge[],
): readonly IrreversibleAct[] {
  const nodes = new Map(model.resources.map((node) => [node.name, node]));
  return charges
    .filter(({ irreversible, exists }) => irreversible && !exists)
    .map(({ resource, service, location }) => {
      const node = nodes.get(resource);
      const act =
        node?.kind === "domain"
          ? `registers ${node.domain} for ${node.years} ${node.years === 1 ? "year" : "years"}`
          : `buys ${service}`;
      return { resource, service, act, location };
    });
}

/**
 * What a person must approve before the agent may do it, as the permission matrix says, and a domain that is not plain ASCII always; reported as
 * it is found. On the stack `local` nothing: no real money moves there.
 */
export function collectApprovals(
  model: Model,
  charges: readonly Charge[],
  sink: DiagnosticSink,
): readonly ApprovalNeed[] {
  const nodes = new Map(model.resources.map((node) => [node.name, node]));
  const { stack } = model;
  const needs: ApprovalNeed[] = [];
  const acts: ApprovalNeed[] = [];
  const lackingOf = createLackFinder(model);
  for (const charge of charges) {
    const { resource, service, kind, location } = charge;
    if (charge.exists || (kind === "free" && !charge.irreversible)) continue;
    const reasons = lackingOf(charge, nodes.get(resource)?.kind ?? "account");
    // A price that nobody knows is the sharper thing to say of what costs money.
    if (reasons.has("unknown-price")) {
      needs.push({ reason: "unknown-price", resource, location });
      sink.report(createDiagnostic("SC4007", { service, resource }, location));
    } else if (reasons.has("paid") && kind !== "free") {
      needs.push({ reason: "paid", resource, location });
      const price = describeAmounts(charge.oneTime, charge.monthly, kind === "usage");
      sink.report(createDiagnostic("SC4008", { resource, price, stack }, location));
    }
    if (reasons.has("irreversible")) acts.push({ reason: "irreversible", resource, location });
  }
  for (const { resource, location } of acts)
    sink.report(createDiagnostic("SC4009", { act: "the purchase of", resource }, location));
  return [...needs, ...acts, ...approveNames(model, charges, sink)];
}

type Reasons = ReadonlySet<ApprovalNeed["reason"]>;

/** What the guardrails deny outright is reported elsewhere; what a person would have to approve if they did not is said all the same. Asks once for what is alike. */
function createLackFinder(model: Model): (charge: Charge, kind: string) => Reasons {
  const known = new Map<string, Reasons>();
  return (charge, kind) => {
    const amount = dueAtMost(model, [charge]);
    const price = amount === undefined ? "unknown" : `${amount.minor} ${amount.currency}`;
    const key = `${kind} ${charge.provider} ${charge.irreversible} ${price}`;
    const reasons = known.get(key) ?? findReasons(model, charge, kind, amount);
    known.set(key, reasons);
    return reasons;
  };
}

function findReasons(
  model: Model,
  { provider, irreversible }: Charge,
  kind: string,
  amount: Money | undefined,
): Reasons {
  const lacks = findLackingApprovals(model.permissions, {
    subject: `agent:${model.agent.id}`,
    ...{ verb: "create-paid", kind, live: model.live, project: model.name },
    ...{ provider, amount, irreversible },
  });
  return new Set(lacks.flatMap(({ approval }) => (approval === undefined ? [] : approval.reason)));
}

function describeAmounts(
  oneTime: Money | undefined,
  monthly: Money | undefined,
  byUse: boolean,
): string {
  const parts = [
    ...(oneTime === undefined ? [] : [`${formatMoney(oneTime)} at once`]),
    ...(monthly === undefined ? [] : [`${formatMoney(monthly)} a month`]),
    ...(byUse ? ["what its use comes to"] : []),
  ];
  return parts.length === 0 ? "money" : parts.join(" and ");
}
