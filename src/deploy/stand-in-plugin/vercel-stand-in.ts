import { createPreviewStandIn } from "./preview-stand-in.ts";
import type { StandIn } from "./stand-in.ts";

/** Plays `pulumi-resource-vercel` in previews. */
export function createVercelStandIn(version: string): StandIn {
  const install = `pulumi plugin install resource vercel v${version} --server github://api.github.com/pulumiverse`;
  return createPreviewStandIn({ name: "vercel", version, install });
}
