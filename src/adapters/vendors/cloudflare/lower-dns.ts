import type { DnsNode } from "../../../compiler/2-model/model.ts";
import type { LoweredValue } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import { literalText } from "./literal-text.ts";
import { lowerText } from "./lower-text.ts";
import { type LowerNode, type Survey, zoneResource } from "./lowering.ts";

/** Types that can point to Cloudflare's edge instead of to their content. */
const PROXIABLE: ReadonlySet<DnsNode["type"]> = new Set(["A", "AAAA", "CNAME"]);

/** A record by its full name. It is proxied only where an app's route needs it: elsewhere the content is the answer. */
export const lowerDns: LowerNode<DnsNode> = (context, node) => {
  const args = {
    name: recordName(node),
    type: node.type,
    content: lowerText(context, node.content),
    ttl: node.ttl,
    proxied: PROXIABLE.has(node.type) && context.routedHosts.has(recordHost(context, node)),
    ...(node.priority !== undefined && { priority: node.priority }),
  };
  return {
    resources: [zoneResource(node.name, node.name, "cloudflare_dns_record", node.zone, args)],
    grants: [{ group: "DNS Write", scope: "zone", domain: node.zone }],
  };
};

/** The record's full name, as far as the manifest tells. */
export function recordHost(survey: Survey, node: DnsNode): string {
  const zone = literalText(survey, [
    { kind: "reference", resource: node.zone, attribute: "domain" },
  ]);
  return node.record === "@" ? zone : `${node.record}.${zone}`;
}

function recordName(node: DnsNode): LoweredValue {
  const zone = ref(node.zone, "domain");
  return node.record === "@" ? zone : { kind: "concat", parts: [`${node.record}.`, zone] };
}
