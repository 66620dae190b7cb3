import type { Artifact } from "../../adapters/vendors/contract.ts";

/** Where the one file of an artifact lies, relative to the stack's folder: `build/shop.mjs`, `build/shop.1f6d0c3b9a2e4d58.zip`. */
export function artifactPath(
  { name, packed = false, hashed = false }: Extract<Artifact, { kind: "bundle" | "site-program" }>,
  digest: string,
): string {
  const mark = hashed ? `.${digest.slice(0, 16)}` : "";
  return `build/${name}${mark}.${packed ? "zip" : "mjs"}`;
}
