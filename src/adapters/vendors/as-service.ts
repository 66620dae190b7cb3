import type { ResourceNode, ServiceNode } from "../../compiler/2-model/model.ts";

/** The service of the catalogue that a resource is; undefined for what is a resource of its provider's own. */
export function asService(node: ResourceNode): ServiceNode | undefined {
  if (node.kind === "service") return node;
  if ((node.kind !== "database" && node.kind !== "kv") || node.service === undefined)
    return undefined;
  const { name, provider, insteadOf, service, location, dependsOn, kind } = node;
  const place = {
    name,
    provider,
    location,
    dependsOn,
    ...(insteadOf !== undefined && { insteadOf }),
  };
  return { ...place, kind: "service", service, config: {}, serves: kind };
}
