import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { REGION, type Statement } from "./lowering.ts";
import { NETWORK } from "./network.ts";

/** What an app that binds a resource may do with it: what the runtime's interface does, on that one resource. */
export function grantsToUse({ kind, name }: ResourceNode): readonly Statement[] {
  const arn = ref(name, "arn");
  switch (kind) {
    case "bucket":
      return [
        // Without it, what is not there is answered with 403 instead of 404.
        { actions: ["s3:ListBucket"], resources: [arn] },
        {
          actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          resources: [concat(arn, "/*")],
        },
      ];
    case "queue":
      return [{ actions: ["sqs:SendMessage"], resources: [arn] }];
    default:
      // A database and a kv know the app by its password; a secret, a service and another app stand in its environment.
      return [];
  }
}

/** What Lambda needs of an app's role to hand it a queue's messages (Lambda docs, "Using Lambda with Amazon SQS"). */
export function grantsToConsume(queue: string): readonly Statement[] {
  return [
    {
      actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      resources: [ref(queue, "arn")],
    },
  ];
}

/** Streams of the app's own log group; Lambda makes them under the function's role. */
export function grantsToLog(group: string): readonly Statement[] {
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [concat(ref(group, "arn"), ":*")],
    },
  ];
}

/**
 * What Lambda needs to put a function into a network. AWS takes no narrower resource for it; the second statement takes all of it away from the app's own code
 * again (Lambda docs, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export function grantsToJoinNetwork({ model }: Context, { name }: AppNode): readonly Statement[] {
  const actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ];
  // Put together, because the function itself needs these rights before it can exist.
  const own: LoweredText = concat(
    `arn:aws:lambda:${REGION}:`,
    ref(NETWORK, "owner_id"),
    `:function:${vendorName(model, name)}`,
  );
  return [
    { actions, resources: ["*"] },
    {
      effect: "Deny",
      actions: ["ec2:*"],
      resources: ["*"],
      when: { ArnEquals: { "lambda:SourceFunctionArn": own } },
    },
  ];
}
