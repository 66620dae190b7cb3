import type { Lowered } from "../../adapters/vendors/contract.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { boundSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { nameSubject } from "../../permissions/name-subject.ts";
import { deepFreeze } from "../../util/deep-freeze.ts";
import type { Model } from "../2-model/model.ts";
import { checkAllowed } from "./check-allowed.ts";
import { checkCaps } from "./check-caps.ts";
import { checkCounts } from "./check-counts.ts";
import { checkDomains } from "./check-domains.ts";
import { checkPermissions } from "./check-permissions.ts";
import { collectApprovals, listIrreversibleActs } from "./collect-approvals.ts";
import { estimateCost } from "./estimate-cost.ts";
import { createResourceLocator } from "./locate-resource.ts";
import { mergePermissions } from "./merge-permissions.ts";
import type { Charge, PolicyResult } from "./policy-result.ts";
import { priceCharges } from "./price-charges.ts";

export interface PolicyInput {
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  readonly catalog: Catalog;
  /** Manifest resources (and accounts) that are there already, e.g. after a preview; default none. Only a first purchase is due and approved. */
  readonly existing?: ReadonlySet<string> | undefined;
  /** A person acts, not the manifest's agent; default false. */
  readonly person?: boolean | undefined;
}

/**
 * Compares a model with its guardrails before anything is done. Reports to the sink, at most a hundred errors and a hundred warnings, and
 * gives the whole result, errors or not. Pure: prices are those of the catalogue and the price book; the broker decides again with quotes
 * and the ledger.
 */
export function evaluatePolicy(input: PolicyInput, sink: DiagnosticSink): PolicyResult {
  const { model, lowered, catalog, existing = new Set() } = input;
  const findings: Diagnostic[] = [];
  const tee = boundSink({
    report(diagnostic) {
      findings.push(diagnostic);
      sink.report(diagnostic);
    },
  });
  const whole = createResourceLocator(model)("", "");
  const charges = priceCharges(model, lowered, catalog, existing);
  const subject = nameSubject(model, input.person);
  const cost = estimateCost(charges, model.limits, {
    project: model.name,
    stack: model.stack,
    subject,
  });
  const irreversible = listIrreversibleActs(model, charges);
  checkAllowed(model, charges, catalog, tee);
  const counts = checkCounts(model, lowered, charges, whole, tee);
  checkPermissions(model, lowered, charges, { subject, sink: tee });
  checkDomains(model, charges, tee);
  checkCaps(model, charges, cost, tee);
  warnOfUse(cost.usageBased, model, tee);
  notePlaces(model, lowered, tee);
  const approvals = collectApprovals(model, charges, tee);
  tee.close(whole);
  return deepFreeze({
    findings,
    charges,
    cost,
    counts,
    permissions: mergePermissions(lowered),
    irreversible,
    approvals,
    requiresApproval: approvals.length > 0,
  });
}

/** What a person should know of where things go: kinds that the manifest's provider does not serve, and providers whose bill nobody sees here. */
function notePlaces(model: Model, lowered: readonly Lowered[], sink: DiagnosticSink): void {
  for (const { name: resource, kind, provider, insteadOf, location } of model.resources) {
    if (insteadOf === undefined) continue;
    const params = { resource, provider, title: insteadOf, kind };
    sink.report(createDiagnostic("SC4021", params, location));
  }
  for (const { provider, unpriced } of lowered) {
    const [first, ...others] = model.resources.filter((node) => node.provider === provider);
    if (unpriced === undefined || first === undefined) continue;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const params = { resource: first.name, others: more, unpriced };
    sink.report(createDiagnostic("SC4022", params, first.location));
  }
}

/** One warning a service, at its first resource: a thousand buckets are one thing to know. */
function warnOfUse(charges: readonly Charge[], model: Model, sink: DiagnosticSink): void {
  const cap = model.limits.perProvider;
  for (const [service, group] of Map.groupBy(charges, ({ service }) => service)) {
    const [first] = group;
    if (first === undefined) continue;
    const others = group.length === 1 ? "" : ` and ${group.length - 1} more`;
    const params = { service, resource: first.resource, others, cap };
    sink.report(createDiagnostic("SC4014", params, first.location));
  }
}
