import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { refuseVariable } from "../refuse-variable.ts";
import { toAwsCron } from "./aws-cron.ts";

/** Lambda docs, "Working with Lambda environment variables", reserved ones; the last is what makes RDS's certificates known. */
const RESERVED =
  /^(?:_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|NODE_EXTRA_CA_CERTS)$/;

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
  if (node.kind === "app")
    return refuseVariable(
      node,
      RESERVED,
      (variable) => `Lambda keeps the variable ${variable} for itself`,
    );
  if (node.kind === "cron" && toAwsCron(node.schedule) === undefined) {
    return {
      reason: "its scheduler knows days of the month or days of the week, not both in one schedule",
      remedy: "write two resources of kind: cron, one with each",
    };
  }
  return undefined;
}
