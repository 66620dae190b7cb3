import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredValue } from "../contract.ts";
import { findNode } from "../find-node.ts";
import { lowerEnvironment } from "../lower-environment.ts";
import { object } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { portableBinding } from "../portable-binding.ts";
import { bucketUrl, lowerConnection } from "./lower-bucket.ts";
import { cronSecret, listSchedules, lowerCronSecret } from "./lower-cron.ts";
import { lowerProject } from "./lower-project.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { REGION, TIMEOUT_SECONDS } from "./lowering.ts";

/** One function that answers every request and is called when a schedule of the app is due, and one for each queue that it consumes. */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const { name, entry } = node;
  const topics = [...new Set(node.consumes.map(({ resource }) => resource))];
  const schedules = listSchedules(context, name);
  const bound = node.bind.map(({ resource }) => findNode(context, resource));
  const buckets = new Set(bound.flatMap(({ kind, name }) => (kind === "bucket" ? [name] : [])));
  const hasQueues = topics.length > 0 || bound.some(({ kind }) => kind === "queue");
  return {
    ...lowerProject(context, node, {
      artifact: { kind: "app", entry, schedules, topics },
      settings: {
        resource_config: object({
          fluid: true,
          function_default_regions: [REGION],
          function_default_timeout: TIMEOUT_SECONDS,
        }),
        // A queue's messages belong to a deployment: so the app learns which one it is.
        ...(hasQueues && { automatically_expose_system_environment_variables: true }),
      },
      variables: lowerVariables(context, node, schedules.length > 0),
      resources: [
        ...[...buckets].map((bucket) => lowerConnection(name, bucket)),
        ...(schedules.length > 0 ? lowerCronSecret(name) : []),
      ],
    }),
    prices: [
      { service: "vercel/functions", category: "compute" },
      { service: "vercel/cdn", category: "compute" },
    ],
  };
};

/** What the runtime reads, see src/runtime/README.md. */
function lowerVariables(
  context: Context,
  node: AppNode,
  hasSchedules: boolean,
): Readonly<Record<string, LoweredValue>> {
  return {
    ...lowerEnvironment(context, node, {
      bindingOf: (target) => bindingOf(context, node.name, target),
      lowerText,
    }),
    // Vercel sends what the project says; here it stands so that another secret makes another deployment.
    ...(hasSchedules && { CRON_SECRET: cronSecret(node.name) }),
  };
}

function bindingOf(context: Context, app: string, target: ResourceNode): LoweredValue {
  switch (target.kind) {
    case "bucket":
      return bucketUrl(app, target.name);
    case "queue":
      return `vercel-queue:${REGION}/${target.name}`;
    default:
      return portableBinding(target, (app) => webUrl(context, app));
  }
}
