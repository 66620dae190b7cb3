import type { SiteNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerProject } from "./lower-project.ts";

/** Static files alone, without a function. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => ({
  ...lowerProject(context, node, {
    artifact: { kind: "site", spa: node.spa },
    settings: {},
    variables: {},
    resources: [],
  }),
  prices: [{ service: "vercel/cdn", category: "compute" }],
});
