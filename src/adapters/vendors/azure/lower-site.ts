import type { SiteNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerHosts } from "./lower-hosts.ts";
import { webUrl } from "./lower-text.ts";
import { lowerWebApp } from "./web-app.ts";

/** Static files, packed with the program that serves them, on the plan of the apps: Static Web Apps take files from a tool of their own alone. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => {
  const { name, source, spa } = node;
  const hosts = lowerHosts(context, node);
  return {
    resources: [lowerWebApp(context, node, { settings: {} }), ...hosts.resources],
    records: hosts.records,
    artifacts: [{ kind: "site-program", packed: true, hashed: true, name, source, spa }],
    url: webUrl(context, node),
  };
};
