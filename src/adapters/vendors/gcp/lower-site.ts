import type { SiteNode } from "../../../compiler/2-model/model.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerAccount } from "./account.ts";
import { INSTANCES_MAX } from "./function-limits.ts";
import { callerName } from "./function-names.ts";
import { grantToCall } from "./grants.ts";
import { lowerCode, lowerFunction } from "./lower-function.ts";
import { listHostRecords, lowerHosts } from "./lower-hosts.ts";
import { webUrl } from "./lower-text.ts";
import { SERVE_ALL_PATHS } from "./serve-all-paths.ts";

/**
 * Static files in a function that serves them. A bucket needs a load balancer in front to be more than plain HTTP at an address of Google's, and that costs more in a month
 * than most sites are worth.
 */
export const lowerSite: LowerNode<SiteNode> = (context, node) => {
  const { name, source, spa } = node;
  return {
    resources: [
      lowerAccount(context.model, name),
      lowerCode(name),
      lowerFunction(context, node, "app", {
        variables: SERVE_ALL_PATHS,
        secrets: [],
        inNetwork: false,
        instances: INSTANCES_MAX,
        dependsOn: [],
      }),
      grantToCall(callerName(name, "app"), name, name, "allUsers"),
      ...lowerHosts(context, node),
    ],
    records: listHostRecords(context, node),
    artifacts: [{ kind: "site-program", target: "google", packed: true, name, source, spa }],
    prices: [
      { service: "gcp/run", category: "compute" },
      { service: "gcp/build", category: "compute" },
    ],
    url: webUrl(context, node),
  };
};
