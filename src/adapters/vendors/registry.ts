// Written by `npm run gen` from the folders beside it; changes are lost.
import aws from "./aws/index.ts";
import azure from "./azure/index.ts";
import cloudflare from "./cloudflare/index.ts";
import container from "./container/index.ts";
import type { Vendor } from "./contract.ts";
import gcp from "./gcp/index.ts";
import neon from "./neon/index.ts";
import netlify from "./netlify/index.ts";
import vercel from "./vercel/index.ts";

/** Every vendor on which a manifest can place the kinds that it serves, by id. */
export const VENDORS: readonly Vendor[] = [
  aws,
  azure,
  cloudflare,
  container,
  gcp,
  neon,
  netlify,
  vercel,
];
