import type { ZoneRecord } from "../contract.ts";
import { type LoweredNode, zoneResource } from "./lowering.ts";

/** A record that another vendor needs, for a certificate or to be found: never proxied, because that vendor answers for the host itself. */
export function lowerRecord({
  name,
  origin,
  domain,
  host,
  type,
  content,
}: ZoneRecord): LoweredNode {
  const args = { name: host, type, content, ttl: 1, proxied: false };
  return {
    resources: [zoneResource(name, origin, "cloudflare_dns_record", domain, args)],
    grants: [{ group: "DNS Write", scope: "zone", domain }],
  };
}
