import type { SiteNode } from "../../../compiler/2-model/model.ts";
import { object } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerWeb } from "./lower-web.ts";

/** Static files alone, without a function. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => ({
  ...lowerWeb(context, node, {
    artifact: { kind: "site", spa: node.spa },
    settings: { processing_settings: object({ html: object({ pretty_urls: true }) }) },
  }),
  prices: [{ service: "netlify/web", category: "compute" }],
});
