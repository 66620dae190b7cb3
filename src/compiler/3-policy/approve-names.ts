import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { toUnicodeName } from "../../util/domain-name.ts";
import { listScripts } from "../../util/domains/label-scripts.ts";
import { readAsAscii } from "../../util/domains/look-alikes.ts";
import type { Model } from "../2-model/model.ts";
import type { ApprovalNeed, Charge } from "./policy-result.ts";

/** Domains yet to be bought whose names are not plain ASCII: a person looks at each, whatever the guardrails say. */
export function approveNames(
  { resources }: Model,
  charges: readonly Charge[],
  sink: DiagnosticSink,
): readonly ApprovalNeed[] {
  const existing = new Set(charges.filter(({ exists }) => exists).map(({ resource }) => resource));
  return resources.flatMap((node): readonly ApprovalNeed[] => {
    if (node.kind !== "domain" || existing.has(node.name)) return [];
    const { name: resource, domain, location } = node;
    const unicode = toUnicodeName(domain);
    if (unicode === domain) return [];
    const reading = readAsAscii(unicode);
    const values = { domain, resource, unicode };
    sink.report(
      reading === undefined
        ? createDiagnostic("SC4018", values, location)
        : createDiagnostic(
            "SC4019",
            { ...values, reading, how: describeScripts(unicode) },
            location,
          ),
    );
    return [{ reason: "foreign-name", resource, location }];
  });
}

/** Names the scripts that make a whole label look like Latin (UTS 39 section 4.1, whole-script confusables). */
function describeScripts(unicode: string): string {
  const labels = unicode.split(".").filter((label) => /[^\x20-\x7e]/.test(label));
  const scripts = new Set(labels.flatMap(listScripts));
  scripts.delete("Latin");
  return scripts.size === 0
    ? "which"
    : `which has a part wholly in ${[...scripts].join(" and ")} and`;
}
