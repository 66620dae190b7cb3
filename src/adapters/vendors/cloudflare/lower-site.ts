import type { SiteNode } from "../../../compiler/2-model/model.ts";
import { object } from "../lowered-values.ts";
import { vendorName } from "../vendor-name.ts";
import { COMPATIBILITY_DATE } from "./lower-app.ts";
import { webUrl } from "./lower-text.ts";
import { lowerWebAccess } from "./lower-web-access.ts";
import { accountResource, type LowerNode } from "./lowering.ts";

/** A Worker of static files alone. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => {
  const { name } = node;
  const access = lowerWebAccess(context, node);
  const script = accountResource(name, name, "cloudflare_workers_script", {
    script_name: vendorName(context.model, name),
    compatibility_date: COMPATIBILITY_DATE,
    assets: object({
      directory: { kind: "artifact", artifact: name, field: "path" },
      config: object({
        html_handling: "auto-trailing-slash",
        not_found_handling: node.spa ? "single-page-application" : "404-page",
      }),
    }),
  });
  return {
    resources: [script, ...access.resources],
    artifacts: [{ kind: "directory", name, source: node.source }],
    grants: [{ group: "Workers Scripts Write", scope: "account" }, ...access.grants],
    prices: [{ service: "cloudflare/workers", category: "compute", irreversible: false }],
    url: webUrl(context, node),
  };
};
