import type { Context } from "./node-lowering.ts";

const ADDRESS_TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/** Whether a record of the manifest says where the host is; no other may stand beside a CNAME (RFC 1034, 3.6.2), and those of a zone itself are made to fit. */
export function isHostTaken({ model, nodes }: Context, hostname: string): boolean {
  return model.resources.some((node) => {
    if (node.kind !== "dns" || !ADDRESS_TYPES.has(node.type)) return false;
    const zone = nodes.get(node.zone);
    if (zone?.kind !== "domain") return false;
    return hostname === (node.record === "@" ? zone.domain : `${node.record}.${zone.domain}`);
  });
}
