import type { Lowered } from "../../adapters/vendors/contract.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import type { AccessRequest } from "../../permissions/access-request.ts";
import { describeOrigin } from "../../permissions/access-rule.ts";
import { type Decision, decide } from "../../permissions/decide.ts";
import type { Money } from "../../util/money.ts";
import type { Model, ResourceNode, Verb } from "../2-model/model.ts";
import type { Charge } from "./policy-result.ts";

/** Reports every verb that a resource needs and that the guardrails do not give to who acts. What only lacks approval is no error. */
export function checkPermissions(
  model: Model,
  lowered: readonly Lowered[],
  charges: readonly Charge[],
  { subject, sink }: { readonly subject: string; readonly sink: DiagnosticSink },
): void {
  const tokenUsers = new Set(
    lowered.flatMap(({ permissions }) => permissions.flatMap(({ because }) => because)),
  );
  const charged = Map.groupBy(charges, ({ resource }) => resource);
  const ask = createDecider(model);
  for (const node of model.resources) {
    const own = charged.get(node.name) ?? [];
    for (const verb of requiredVerbs(node, own, tokenUsers.has(node.name))) {
      const { name: resource, location } = node;
      const refused = listKinds(node)
        .map((kind) => ({
          kind,
          decision: ask({
            ...{ subject, verb, kind, live: model.live, project: model.name },
            provider: own[0]?.provider ?? node.provider,
            amount: dueAtMost(model, own, verb === "renew"),
          }),
        }))
        .find(({ decision }) => decision.outcome === "denied");
      if (refused === undefined || isCapReported(refused.decision, verb)) continue;
      const { kind, decision } = refused;
      const reason = decision.rule === undefined ? "no rule permits it" : "a rule forbids it";
      const rule = decision.rule && describeOrigin(decision.rule);
      const values = { subject: `the ${subject}`, verb, resource, kind, reason, rule };
      sink.report(createDiagnostic("SC4010", values, location));
    }
  }
}

/** What a resource is in the matrix: as the service of the catalogue that it may be, it is one of the kind service, too. */
function listKinds({ kind, service }: ResourceNode): readonly string[] {
  return service === undefined || kind === "service" ? [kind] : [kind, "service"];
}

/** Asks once for what is alike: a manifest's resources are many, and what they need is not. */
function createDecider({
  permissions,
}: Pick<Model, "permissions">): (request: AccessRequest) => Decision {
  const known = new Map<string, Decision>();
  return (request) => {
    const { verb, kind, provider = "", amount } = request;
    const price = amount === undefined ? "unknown" : `${amount.minor} ${amount.currency}`;
    const key = `${verb} ${kind} ${provider} ${price}`;
    const decision = known.get(key) ?? decide(permissions, request);
    known.set(key, decision);
    return decision;
  };
}

/** A purchase above its cap has a code of its own, which says more. */
function isCapReported({ rule }: Decision, verb: Verb): boolean {
  return verb === "create-paid" && rule?.origin.kind === "limits";
}

/** The most that is due at one time, undefined when a price is not known; for what renews, the most that is due again. */
export function dueAtMost(
  { limits }: Pick<Model, "limits">,
  charges: readonly Charge[],
  renewal = false,
): Money | undefined {
  const { currency } = limits.total;
  if (charges.length === 0) return undefined;
  let most: Money = { currency, minor: 0n };
  for (const { kind, oneTime, monthly, yearly } of charges) {
    if (kind === "unknown") return undefined;
    for (const amount of renewal ? [yearly, monthly] : [oneTime, monthly]) {
      if (amount === undefined || most.currency !== currency) continue;
      if (amount.currency !== currency || amount.minor > most.minor) most = amount;
    }
  }
  return most;
}

/**
 * What must be permitted before a resource can come to be. A price that is unknown counts as one that is paid; a resource on whose
 * account the stack's access token gets rights needs that token to be issued.
 */
export function requiredVerbs(
  node: ResourceNode,
  charges: readonly Charge[],
  needsToken: boolean,
): readonly Verb[] {
  const verbs: Verb[] = [
    charges.some(({ kind }) => kind !== "free") ? "create-paid" : "create-free",
  ];
  if (node.kind === "app" || node.kind === "site") verbs.push("deploy");
  if (node.kind === "domain" && node.autoRenew) verbs.push("renew");
  if (needsToken) verbs.push("issue-token");
  return verbs;
}
