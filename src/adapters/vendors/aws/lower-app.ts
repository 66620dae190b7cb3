import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText, LoweredValue } from "../contract.ts";
import { findNode } from "../find-node.ts";
import { lowerEnvironment } from "../lower-environment.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { portableBinding } from "../portable-binding.ts";
import { vendorName } from "../vendor-name.ts";
import { LOG_DAYS, MEMORY_MB, TIMEOUT_SECONDS } from "./function-limits.ts";
import { grantsToConsume, grantsToJoinNetwork, grantsToLog, grantsToUse } from "./grants.ts";
import { lowerApi } from "./lower-api.ts";
import { bucketUrl } from "./lower-bucket.ts";
import { isTable, lowerDoor, postgresUrl } from "./lower-postgres.ts";
import { lowerConsumer, queueUrl } from "./lower-queue.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { lowerRole, native, policy } from "./lowering.ts";
import { lowerGroup, SUBNETS } from "./network.ts";

/** A Lambda function with the app's bundle, a role that may do what its bindings need and nothing else, and an HTTP API in front. */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const { name, source, entry } = node;
  const bound = findBound(context, node);
  const tables = bound.filter(isTable);
  const api = lowerApi(context, node);
  const grants = [
    ...grantsToLog(logName(name)),
    ...bound.flatMap(grantsToUse),
    ...node.consumes.flatMap(({ resource }) => grantsToConsume(resource)),
    ...(tables.length > 0 ? grantsToJoinNetwork(context, node) : []),
  ];
  const ownName = vendorName(context.model, name);
  return {
    resources: [
      native(logName(name), name, "aws_cloudwatch_log_group", {
        name: `/aws/lambda/${ownName}`,
        retention_in_days: LOG_DAYS,
      }),
      lowerRole(roleName(name), name, ownName, "lambda.amazonaws.com"),
      native(rightsName(name), name, "aws_iam_role_policy", {
        role: ref(roleName(name), "id"),
        policy: policy(...grants),
      }),
      ...(tables.length > 0 ? lowerWayOut(name, ownName) : []),
      ...tables.flatMap((table) => lowerDoor(name, groupName(name), table.name)),
      lowerFunction(context, node, tables.length > 0),
      ...api.resources,
      ...node.consumes.map(({ resource }) => lowerConsumer(name, resource)),
    ],
    records: api.records,
    artifacts: [{ kind: "bundle", target: "lambda", packed: true, name, source, entry }],
    prices: [
      { service: "aws/lambda", category: "compute" },
      { service: "aws/apigateway:http", category: "compute" },
      { service: "aws/cloudwatch:logs", category: "compute" },
    ],
    url: webUrl(context, node),
  };
};

function lowerFunction(context: Context, node: AppNode, inNetwork: boolean): LoweredResource {
  const { name } = node;
  const variables = lowerVariables(context, node, inNetwork);
  return native(
    name,
    name,
    "aws_lambda_function",
    {
      function_name: vendorName(context.model, name),
      role: ref(roleName(name), "arn"),
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: { kind: "artifact", artifact: name, field: "path" },
      source_code_hash: { kind: "artifact", artifact: name, field: "sha256-base64" },
      memory_size: MEMORY_MB,
      timeout: TIMEOUT_SECONDS,
      ...(Object.keys(variables).length > 0 && {
        environment: object({ variables: { kind: "map", entries: variables } }),
      }),
      logging_config: object({ log_format: "Text", log_group: ref(logName(name), "name") }),
      ...(inNetwork && {
        vpc_config: object({
          subnet_ids: SUBNETS.map((subnet) => ref(subnet, "id")),
          security_group_ids: [ref(groupName(name), "id")],
          ipv6_allowed_for_dual_stack: true,
        }),
      }),
    },
    // Rights are only seen once they are there, and a function that lacks them cannot join its network.
    [rightsName(name)],
  );
}

/** What the runtime reads, see src/runtime/README.md. */
function lowerVariables(
  context: Context,
  node: AppNode,
  inNetwork: boolean,
): Readonly<Record<string, LoweredValue>> {
  return {
    ...lowerEnvironment(context, node, {
      bindingOf: (target) => bindingOf(context, target),
      lowerText,
    }),
    // Amazon's own authorities, RDS's among them, which Node does not know (Lambda docs, "Building Lambda functions with Node.js").
    ...(inNetwork && { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" }),
  };
}

function bindingOf(context: Context, target: ResourceNode): LoweredText | LoweredValue {
  const { name } = target;
  switch (target.kind) {
    case "database":
    case "kv":
      return postgresUrl(target);
    case "bucket":
      return bucketUrl(name);
    case "queue":
      return queueUrl(name);
    default:
      return portableBinding(target, (app) => webUrl(context, app));
  }
}

/** Of what an app in the network may reach outside, all that has IPv6. */
function lowerWayOut(name: string, ownName: string): readonly LoweredResource[] {
  return [
    lowerGroup(groupName(name), name, ownName),
    native(`${name}.way-out`, name, "aws_vpc_security_group_egress_rule", {
      security_group_id: ref(groupName(name), "id"),
      cidr_ipv6: "::/0",
      ip_protocol: "-1",
    }),
  ];
}

function findBound(context: Context, node: AppNode): readonly ResourceNode[] {
  const names = node.bind.map(({ resource }) => resource);
  return [...new Set(names)].map((name) => findNode(context, name));
}

function logName(app: string): string {
  return `${app}.log`;
}

function roleName(app: string): string {
  return `${app}.role`;
}

function rightsName(app: string): string {
  return `${app}.rights`;
}

function groupName(app: string): string {
  return `${app}.group`;
}
