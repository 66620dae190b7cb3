import type { SiteNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerNodeProgram } from "./lower-app.ts";
import { webUrl } from "./lower-text.ts";

/** Static files, packed with the program that serves them: a container takes files one by one, and no folder. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => ({
  resources: [lowerNodeProgram(context, node, { env: [], volumes: [], dependsOn: [] })],
  artifacts: [{ kind: "site-program", name: node.name, source: node.source, spa: node.spa }],
  url: webUrl(context, node),
});
