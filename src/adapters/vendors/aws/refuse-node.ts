import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { toAwsCron } from "./aws-cron.ts";

/** What AWS cannot do although it serves the kind, and who can. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  if (node.kind === "database" && node.engine === "sqlite") {
    return {
      reason: "it has no SQLite that functions can share",
      remedy:
        "write engine: postgres, or place the database and its apps on provider: cloudflare or container",
    };
  }
  if (node.kind === "cron" && toAwsCron(node.schedule) === undefined) {
    return {
      reason: "its scheduler knows days of the month or days of the week, not both in one schedule",
      remedy: "write two resources of kind: cron, one with each",
    };
  }
  return undefined;
}
