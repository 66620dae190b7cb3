import type { BucketNode, Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { native, REGION } from "./lowering.ts";

/** The most characters of a prefix: 63 of a bucket's name without the 26 that the provider adds. */
const PREFIX_MAX = 37;

export const lowerBucket: LowerNode<BucketNode> = ({ model }, { name }) => ({
  resources: lowerPrivateBucket(model, name, name),
  prices: [{ service: "aws/s3", category: "storage" }],
});

/** A bucket that can never be opened to the world. AWS encrypts what is in it by itself. */
export function lowerPrivateBucket(
  model: Model,
  name: string,
  origin: string,
): readonly LoweredResource[] {
  return [
    native(name, origin, "aws_s3_bucket", { bucket_prefix: prefixOf(vendorName(model, origin)) }),
    native(`${name}.access`, origin, "aws_s3_bucket_public_access_block", {
      bucket: ref(name, "id"),
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
  ];
}

/** The endpoint that has IPv6, too. The keys are those of the function's role. */
export function bucketUrl(name: string): LoweredText {
  return concat(`s3://s3.dualstack.${REGION}.amazonaws.com/`, ref(name, "id"), `?region=${REGION}`);
}

/** Names of buckets are everybody's, so a stack's own is only the beginning of one. */
function prefixOf(name: string): string {
  if (name.length < PREFIX_MAX) return `${name}-`;
  return `${name.slice(0, PREFIX_MAX - 10)}-${sha256(name).slice(0, 8)}-`.replace("--", "-");
}
