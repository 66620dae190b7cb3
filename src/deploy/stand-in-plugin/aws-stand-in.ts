import { createPreviewStandIn } from "./preview-stand-in.ts";
import type { StandIn } from "./stand-in.ts";

/** Plays `pulumi-resource-aws` in previews. */
export function createAwsStandIn(version: string): StandIn {
  const install = `pulumi plugin install resource aws v${version}`;
  return createPreviewStandIn({ name: "aws", version, install });
}
