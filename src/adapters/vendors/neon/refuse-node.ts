import type { ResourceNode } from "../../../compiler/2-model/model.ts";

/** Neon has one dialect. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  if (node.kind !== "database" || node.engine !== "sqlite") return undefined;
  return {
    reason: "its databases are PostgreSQL only",
    remedy:
      "use engine: postgres, or place the database on provider: cloudflare or container together with the apps that bind it, which reach it only there",
  };
}
