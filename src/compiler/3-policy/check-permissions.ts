import type { Lowered } from "../../adapters/vendors/contract.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import type { Model, ResourceNode, Verb } from "../2-model/model.ts";
import { decidePermission } from "./decide-permission.ts";
import type { Charge } from "./policy-result.ts";

/** Reports every verb that a resource needs and that the guardrails do not give to the agent. */
export function checkPermissions(
  model: Model,
  lowered: readonly Lowered[],
  charges: readonly Charge[],
  sink: DiagnosticSink,
): void {
  const subject = `agent:${model.agent.id}`;
  const tokenUsers = new Set(
    lowered.flatMap(({ permissions }) => permissions.flatMap(({ because }) => because)),
  );
  const charged = Map.groupBy(charges, ({ resource }) => resource);
  for (const node of model.resources) {
    const own = charged.get(node.name) ?? [];
    for (const verb of requiredVerbs(node, own, tokenUsers.has(node.name))) {
      const { name: resource, kind, location } = node;
      const decision = decidePermission(model.guardrails.permissions, { subject, verb, kind });
      if (decision === "permitted") continue;
      const reason = decision === "forbidden" ? "a rule forbids it" : "no rule permits it";
      const values = { subject: `the ${subject}`, verb, resource, kind, reason };
      sink.report(createDiagnostic("SC4010", values, location));
    }
  }
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
