import type { BucketNode } from "../../../compiler/2-model/model.ts";
import type { LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { lowerPrivateBucket } from "./code-bucket.ts";

/** Google encrypts what is in a bucket by itself. */
export const lowerBucket: LowerNode<BucketNode> = ({ model }, { name }) => ({
  resources: [lowerPrivateBucket(name, name, vendorName(model, name))],
  prices: [{ service: "gcp/storage", category: "storage" }],
});

/** Cloud Storage's S3-compatible interface. The keys are those of the app's account, in its environment. */
export function bucketUrl(name: string): LoweredText {
  return concat("s3://storage.googleapis.com/", ref(name, "name"));
}
