import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredValue } from "../contract.ts";
import { lowerEnvironment } from "../lower-environment.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { portableBinding } from "../portable-binding.ts";
import { listSchedules } from "./list-schedules.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { lowerWeb } from "./lower-web.ts";
import { RUNTIME } from "./lowering.ts";

/** How often a queue is looked at. */
const EACH_MINUTE = "* * * * *";

/** One function that answers every request, and one for each schedule and each queue of the app. */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const schedules = listSchedules(context, node.name);
  const queues = Object.fromEntries(
    node.consumes.map(({ resource }, i) => [`queue-${i + 1}`, resource]),
  );
  const times = { ...schedules, ...mapTo(queues, EACH_MINUTE) };
  const environment = lowerVariables(context, node);
  return {
    ...lowerWeb(context, node, {
      artifact: { kind: "app", entry: node.entry, schedules, queues },
      deploy: {
        runtime: RUNTIME,
        ...(Object.keys(times).length > 0 && {
          function_schedules: { kind: "map", entries: times },
        }),
        ...(Object.keys(environment).length > 0 && {
          environment: { kind: "map", entries: environment },
        }),
      },
    }),
    prices: [
      { service: "netlify/functions", category: "compute" },
      { service: "netlify/web", category: "compute" },
    ],
  };
};

function mapTo<T>(
  record: Readonly<Record<string, unknown>>,
  value: T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.keys(record).map((key) => [key, value]));
}

/** What the runtime reads, see src/runtime/README.md. */
function lowerVariables(context: Context, node: AppNode): Readonly<Record<string, LoweredValue>> {
  return {
    ...lowerEnvironment(context, node, {
      bindingOf: (target) => bindingOf(context, target),
      lowerText,
    }),
  };
}

function bindingOf(context: Context, target: ResourceNode): LoweredValue {
  switch (target.kind) {
    case "bucket":
      return `netlify-blobs:${target.name}`;
    case "kv":
      return `netlify-kv:${target.name}`;
    case "queue":
      return `netlify-queue:${target.name}`;
    default:
      return portableBinding(target, (app) => webUrl(context, app));
  }
}
