import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import type { Model } from "../2-model/model.ts";
import { approveNames } from "./approve-names.ts";
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
 * What a person must approve, reported as it is found. On the stack `local` nothing: no real money moves there. On a live stack what is
 * paid and what is irreversible as the guardrails say, an unknown price and a domain that is not plain ASCII always.
 */
export function collectApprovals(
  model: Model,
  charges: readonly Charge[],
  acts: readonly IrreversibleAct[],
  sink: DiagnosticSink,
): readonly ApprovalNeed[] {
  if (!model.live) return [];
  const { approvals } = model.guardrails;
  const needs: ApprovalNeed[] = [];
  const { stack } = model;
  for (const { resource, service, kind, exists, location, ...charge } of charges) {
    if (exists || kind === "free") continue;
    if (kind === "unknown") {
      needs.push({ reason: "unknown-price", resource, location });
      sink.report(createDiagnostic("SC4007", { service, resource }, location));
    } else if (approvals.paid) {
      needs.push({ reason: "paid", resource, location });
      const price = describeAmounts(charge.oneTime, charge.monthly, kind === "usage");
      sink.report(createDiagnostic("SC4008", { resource, price, stack }, location));
    }
  }
  for (const { resource, location } of approvals.irreversible ? acts : []) {
    needs.push({ reason: "irreversible", resource, location });
    sink.report(createDiagnostic("SC4009", { act: "the purchase of", resource }, location));
  }
  return [...needs, ...approveNames(model, charges, sink)];
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
