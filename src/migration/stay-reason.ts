import type { Vendor } from "../adapters/vendors/contract.ts";
import type { ResourceNode } from "../compiler/2-model/model.ts";

/** Why a resource stays where it is when everything else goes to a vendor; undefined when that vendor serves it, looked at alone. */
export function stayReason(
  node: ResourceNode,
  { kinds, refuse, title }: Vendor,
): string | undefined {
  switch (node.kind) {
    case "domain":
      return "a domain is never transferred: it stays with its registrar, and its names are pointed elsewhere";
    case "dns":
      return "a record stays in the zone of its domain";
    case "service":
      return "it is the provider's own, and an app reaches it from anywhere";
    default:
      return kinds.has(node.kind) ? refuse(node)?.reason : `${title} does not serve the kind`;
  }
}
