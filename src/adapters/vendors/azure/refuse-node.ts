import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import { refuseVariable } from "../refuse-variable.ts";

/** App Service docs, "Environment variables and app settings": those that App Service sets or reads, and the one by which an identity is named. */
const RESERVED =
  /^(?:PORT|HOST|HOME|REGION_NAME|SERVER_PORT|AZURE_CLIENT_ID|(?:APPSETTING|DOCKER|IDENTITY|MSI|ORYX|SCM|WEBSITES?)_\w+)$/;

/** What Azure cannot do although it serves the kind, and who can. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  if (node.kind === "database" && node.engine === "sqlite") {
    return {
      reason: "it has no SQLite, and the disk that web apps share keeps no locks for one",
      remedy:
        "write engine: postgres, or place the database and its apps on provider: cloudflare or container",
    };
  }
  if (node.kind === "app")
    return refuseVariable(
      node,
      RESERVED,
      (variable) => `App Service keeps the variable ${variable} for itself`,
    );
  return undefined;
}
