import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { refuseVariable } from "../refuse-variable.ts";

/** Cloud Run docs, "Container runtime contract", and "Environment variables for services", "Reserved environment variables for functions"; the others are those of an app's key for buckets and of the framework. */
const RESERVED =
  /^(?:PORT|FUNCTION_(?:TARGET|SIGNATURE_TYPE)|K_(?:SERVICE|REVISION|CONFIGURATION)|CLOUD_RUN_TIMEOUT_SECONDS|X_GOOGLE_\w*|AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|IGNORED_ROUTES)$/;

/** What Google Cloud cannot do although it serves the kind, and who can. */
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
      (variable) => `the variable ${variable} is taken where functions run`,
    );
  return undefined;
}
