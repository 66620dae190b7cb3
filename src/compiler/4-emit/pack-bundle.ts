import type { BundleTarget } from "../../adapters/vendors/contract.ts";
import { packFiles } from "../../util/pack-files.ts";

/**
 * Google's buildpack wants to be told which module holds the functions, and to find its framework among the dependencies (Cloud Run docs, "Write Cloud Run
 * functions"). The version is the one that the tests run.
 */
const GOOGLE_PACKAGE = JSON.stringify({
  private: true,
  main: "index.mjs",
  dependencies: { "@google-cloud/functions-framework": "5.0.5" },
});

/** A bundle as `index.mjs` in a ZIP archive, with what else the target wants in it. */
export function packBundle(target: BundleTarget, content: Uint8Array): Uint8Array {
  const bundle = { name: "index.mjs", content };
  if (target !== "google") return packFiles([bundle]);
  return packFiles([bundle, { name: "package.json", content: Buffer.from(GOOGLE_PACKAGE) }]);
}
