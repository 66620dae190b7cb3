import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText, LoweredValue } from "../contract.ts";
import { findNode } from "../find-node.ts";
import { lowerEnvironment } from "../lower-environment.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { portableBinding } from "../portable-binding.ts";
import { vendorName } from "../vendor-name.ts";
import { countConnections } from "./database-load.ts";
import { bucketUrl, lowerRights, rightsName } from "./lower-bucket.ts";
import { lowerHosts } from "./lower-hosts.ts";
import { isTable, postgresUrl } from "./lower-postgres.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { native, PLACED } from "./lowering.ts";
import { APP_SUBNET } from "./network.ts";
import { lowerWebApp } from "./web-app.ts";

/** A web app with the app's bundle, which sees to HTTP, queues and schedules; where it binds buckets, with an identity that may use these and nothing else. */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const { name, source, entry } = node;
  const targets = findTargets(context, node);
  const buckets = targets.filter(({ kind }) => kind === "bucket").map((bucket) => bucket.name);
  const hosts = lowerHosts(context, node);
  return {
    resources: [
      ...(buckets.length > 0 ? lowerIdentity(context, name, buckets) : []),
      lowerWebApp(context, node, {
        settings: {
          ...lowerVariables(context, node),
          ...(buckets.length > 0 && { AZURE_CLIENT_ID: ref(identityName(name), "client_id") }),
        },
        args: {
          ...(buckets.length > 0 && {
            identity: object({
              type: "UserAssigned",
              identity_ids: [ref(identityName(name), "id")],
            }),
          }),
          ...(targets.some(isTable) && { virtual_network_subnet_id: ref(APP_SUBNET, "id") }),
        },
        dependsOn: buckets.map((bucket) => rightsName(name, bucket)),
      }),
      ...hosts.resources,
    ],
    records: hosts.records,
    artifacts: [
      { kind: "bundle", target: "node", packed: true, hashed: true, name, source, entry },
    ],
    url: webUrl(context, node),
  };
};

/** Of the app's own rather than the web app's, which would be there only after the app has begun to ask. */
function lowerIdentity(
  { model }: Context,
  app: string,
  buckets: readonly string[],
): readonly LoweredResource[] {
  const identity = identityName(app);
  return [
    native(identity, app, "azurerm_user_assigned_identity", {
      name: vendorName(model, app),
      ...PLACED,
    }),
    ...buckets.map((bucket) => lowerRights(app, identity, bucket)),
  ];
}

/** What the runtime reads, see src/runtime/README.md. */
function lowerVariables(context: Context, node: AppNode): Readonly<Record<string, LoweredValue>> {
  return {
    ...lowerEnvironment(context, node, {
      bindingOf: (target) => bindingOf(context, target),
      lowerText,
    }),
    ...lowerTriggers(context, node),
  };
}

/** The variables of the queues that the app receives, and its schedules. A queue that is not bound gets a variable of its own. */
function lowerTriggers(context: Context, node: AppNode): Readonly<Record<string, LoweredValue>> {
  const crons = context.model.resources.flatMap((one) =>
    one.kind === "cron" && one.app === node.name ? [one.schedule] : [],
  );
  const queues = node.consumes.map(({ resource }) => {
    const bound = node.bind.find((one) => one.resource === resource)?.variable;
    return { resource, isBound: bound !== undefined, variable: bound ?? queueVariable(resource) };
  });
  return {
    ...Object.fromEntries(
      queues
        .filter(({ isBound }) => !isBound)
        .map(({ variable, resource }) => [
          variable,
          bindingOf(context, findNode(context, resource)),
        ]),
    ),
    ...(queues.length > 0 && {
      SUPERCARGO_CONSUMES: queues.map(({ variable }) => variable).join(","),
    }),
    ...(crons.length > 0 && { SUPERCARGO_CRONS: [...new Set(crons)].join("; ") }),
  };
}

function bindingOf(context: Context, target: ResourceNode): LoweredText | LoweredValue {
  const { name } = target;
  switch (target.kind) {
    case "database":
    case "kv":
    case "queue":
      return postgresUrl(target, countConnections(context.model, name));
    case "bucket":
      return bucketUrl(name);
    default:
      return portableBinding(target, (app) => webUrl(context, app));
  }
}

/** What the manifest resources that an app binds or consumes are, each once. */
function findTargets(context: Context, node: AppNode): readonly ResourceNode[] {
  const names = [...node.bind, ...node.consumes].map(({ resource }) => resource);
  return [...new Set(names)].map((name) => findNode(context, name));
}

function identityName(app: string): string {
  return `${app}.identity`;
}

function queueVariable(queue: string): string {
  return `SUPERCARGO_QUEUE_${queue.toUpperCase().replaceAll("-", "_")}`;
}
