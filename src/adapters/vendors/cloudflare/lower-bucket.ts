import type { BucketNode } from "../../../compiler/2-model/model.ts";
import { leaseName } from "../lease-resources.ts";
import { vendorName } from "../vendor-name.ts";
import { accountResource, CLOUDFLARE, type LowerNode } from "./lowering.ts";

/** An R2 bucket. R2 is billed by use, so the account needs its means of payment first. */
export const lowerBucket: LowerNode<BucketNode> = ({ model }, { name }) => ({
  resources: [
    {
      ...accountResource(name, name, "cloudflare_r2_bucket", { name: vendorName(model, name) }),
      dependsOn: [leaseName(CLOUDFLARE, "payment-token")],
    },
  ],
  grants: [{ group: "Workers R2 Storage Write", scope: "account" }],
  prices: [{ service: "cloudflare/r2:bucket", category: "storage", irreversible: false }],
});
