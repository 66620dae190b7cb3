import type { BucketNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { native, REGION } from "./lowering.ts";

/** A store of Vercel Blob, whose objects nobody reads without its token. */
export const lowerBucket: LowerNode<BucketNode> = ({ model }, { name }) => ({
  resources: [
    native(name, name, "vercel_blob_store", {
      name: vendorName(model, name),
      access: "private",
      region: REGION,
    }),
  ],
  prices: [{ service: "vercel/blob", category: "storage" }],
});

/** Gives an app's project the store's token, as a variable that Vercel makes and that never leaves it. Its name is one that no manifest may use. */
export function lowerConnection(app: string, bucket: string): LoweredResource {
  return native(connectionName(app, bucket), app, "vercel_blob_project_connection", {
    blob_store_id: ref(bucket, "id"),
    project_id: ref(app, "id"),
    env_var_prefix: `SUPERCARGO_${bucket.toUpperCase().replaceAll("-", "_")}`,
    environments: ["production"],
  });
}

/** Where an app finds its objects: by the variable that holds the token. */
export function bucketUrl(app: string, bucket: string): LoweredText {
  const connection = connectionName(app, bucket);
  return concat("vercel-blob:", ref(connection, "read_write_token_env_var_name"));
}

function connectionName(app: string, bucket: string): string {
  return `${app}.connection.${bucket}`;
}
