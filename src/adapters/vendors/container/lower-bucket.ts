import type { BucketNode } from "../../../compiler/2-model/model.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import {
  hostOf,
  lowerContainer,
  lowerPassword,
  lowerVolume,
  mount,
  variable,
  waitUntil,
} from "./lowering.ts";

const PORT = 7070;

/**
 * An S3-compatible store of its own that serves one volume as one bucket: the store takes each folder below its root as a bucket, and the volume is mounted as
 * one. Its keys open nothing else.
 */
export const lowerBucket: LowerNode<BucketNode> = (context, { name }) => ({
  resources: [
    lowerVolume(context, name, name),
    lowerPassword(`${name}.access-key`, name, 15),
    lowerPassword(`${name}.secret-key`, name, 30),
    lowerContainer(context, {
      name: `${name}.server`,
      origin: name,
      image: "container.store",
      capabilities: [],
      args: {
        command: ["posix", "/data"],
        env: [
          variable("ROOT_ACCESS_KEY", concat(ref(`${name}.access-key`, "value"))),
          variable("ROOT_SECRET_KEY", concat(ref(`${name}.secret-key`, "value"))),
          "VGW_REGION=auto",
          "VGW_HEALTH=/health",
        ],
        volumes: [mount(name, `/data/${bucketName(context, name)}`)],
        ...waitUntil("wget", "--quiet", "--spider", `http://127.0.0.1:${PORT}/health`),
      },
    }),
  ],
});

export function bucketName({ model }: Context, name: string): string {
  return vendorName(model, name);
}

/** Path-style, in clear on the stack's own network. */
export function bucketUrl(context: Context, name: string) {
  return concat(
    "s3://",
    ref(`${name}.access-key`, "value"),
    ":",
    ref(`${name}.secret-key`, "value"),
    `@${hostOf(context, `${name}.server`)}:${PORT}/${bucketName(context, name)}?region=auto&tls=false`,
  );
}
