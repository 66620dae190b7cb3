import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredValue } from "../contract.ts";
import { listOpened } from "../list-opened.ts";
import type { Context } from "../node-lowering.ts";
import { bucketUrl } from "./lower-bucket.ts";
import { queueUrl } from "./lower-queue.ts";
import { lowerText, webUrl } from "./lower-text.ts";

/** A bound resource, and the variables of the app that it is bound to. */
export interface Bound {
  readonly target: ResourceNode;
  readonly variables: readonly string[];
}

/** What the runtime reads and anybody may see, see src/runtime/README.md. `keyId` is the open half of the key for buckets. */
export function lowerVariables(
  context: Context,
  node: AppNode,
  bound: readonly Bound[],
  keyId: LoweredReference,
): Readonly<Record<string, LoweredValue>> {
  const open = bound.flatMap(({ target, variables }) => {
    const value = openBinding(context, target);
    return value === undefined ? [] : variables.map((variable) => [variable, value] as const);
  });
  const hasBucket = bound.some(({ target }) => target.kind === "bucket");
  return {
    ...Object.fromEntries(open),
    ...Object.fromEntries(
      node.env.map(({ variable, value }) => [variable, lowerText(context, value)]),
    ),
    ...(hasBucket && { AWS_ACCESS_KEY_ID: keyId }),
    ...listOpened(
      bound.flatMap(({ target, variables }) => variables.map((variable) => ({ variable, target }))),
    ),
  };
}

/** What stands in the environment as it is; undefined where it is kept. */
function openBinding(context: Context, target: ResourceNode): LoweredValue | undefined {
  switch (target.kind) {
    case "bucket":
      return bucketUrl(target.name);
    case "queue":
      return queueUrl(target.name);
    case "app":
      return webUrl(context, target);
    default:
      return undefined;
  }
}
